# `bulla age`: files for people and scripts that know age. tests/interop/age.sh has the other
# implementation beside it.
load helper
load stack

setup() {
  sandbox
  bulla age keygen -o key.txt
  recipient=$(sed -n 's/^# public key: //p' key.txt)
}

@test "age keygen: a new file for its owner alone, its public key on standard error" {
  bulla age keygen -o new.txt
  expect 0 "public key: age1"
  prints_only ""
  [ "$(stat -c %a new.txt)" = 600 ]
  before=$(sha256sum new.txt)
  bulla age keygen -o new.txt
  expect 1 "new.txt: error: exists already"
  [ "$before" = "$(sha256sum new.txt)" ]
}

@test "age keygen: -y prints what another may have" {
  bulla age keygen -y key.txt
  expect 0
  prints_only "$recipient"
  bulla_from key.txt age keygen --to-recipients
  prints_only "$recipient"
  bulla age keygen key.txt
  expect 2 "INPUT goes with --to-recipients"
}

@test "age: a file to a key, to a list of keys, to an identity file" {
  write_canary text
  printf '# team\n\n%s\n' "$recipient" >team.txt
  for to in "-r $recipient" "-R team.txt" "-i key.txt"; do
    # shellcheck disable=SC2086
    bulla age encrypt $to -o text.age text
    expect 0
    bulla age decrypt -i key.txt -o opened text.age
    expect 0
    may_hold_canary opened
    cmp text opened
    [ "$(stat -c %a opened)" = 600 ]
  done
}

@test "age encrypt: the file has the mode that the umask leaves, and text with --armor" {
  echo x >text
  umask 022
  bulla age encrypt -r "$recipient" -a -o text.age text
  [ "$(stat -c %a text.age)" = 644 ]
  [ "$(head -n 1 text.age)" = "-----BEGIN AGE ENCRYPTED FILE-----" ]
  bulla_revealing age decrypt -i key.txt text.age
  prints_only x
}

@test "age: passphrases from a file, a descriptor, a terminal" {
  write_canary words
  echo hello >text
  bulla age encrypt --passphrase-file words --work-factor 10 -o text.age text
  expect 0
  bulla_revealing age decrypt --passphrase-file words text.age
  prints_only hello
  run --separate-stderr bash -c '"$0" age decrypt --passphrase-fd 5 text.age 5<words' "$BULLA"
  expect 0
  prints_only hello
  answers=$CANARY on_terminal shown "$BULLA" age decrypt --reveal text.age
  grep -q "passphrase of text.age: " shown
  grep -q hello shown
  answers=$CANARY$'\n'$CANARY on_terminal shown "$BULLA" age encrypt -p --work-factor 10 -o two.age text
  [ "$status" = 0 ]
  bulla_revealing age decrypt --passphrase-file words two.age
  prints_only hello
}

@test "age: passphrases that are wrong, empty, missing or not alone" {
  echo hello >text
  echo right >words
  echo wrong >others
  : >nothing
  bulla age encrypt --passphrase-file words --work-factor 10 -o text.age text
  bulla age decrypt --passphrase-file others text.age
  expect 4 "text.age: error: the passphrase is wrong"
  bulla age decrypt -i key.txt text.age
  expect 4 "encrypted with a passphrase, not to a key"
  observe setsid -w "$BULLA" age decrypt text.age
  expect 4 "no terminal to ask for the passphrase of text.age"
  bulla age encrypt --passphrase-file nothing text
  expect 3 "the passphrase is empty" "bulla generate passphrase"
  bulla age encrypt --passphrase-file words -r "$recipient" text
  expect 3 "stands beside no other recipient"
  bulla age decrypt --passphrase-file words --passphrase-fd 5 text.age
  expect 2 "two places"
}

@test "age encrypt: nobody, somebody who is none, a secret key in the wrong place" {
  bulla age encrypt key.txt
  expect 2 "nobody to encrypt to" "-R"
  bulla age encrypt -r bob key.txt
  expect 3 "begins with 'age1'"
  bulla age encrypt -r "$(grep ^AGE key.txt)" -o x.age key.txt
  expect 2 "the text of a private key" "treat the key as exposed"
  [ ! -e x.age ]
  printf '%s\nbob\n' "$recipient" >team.txt
  bulla age encrypt -R team.txt key.txt
  expect 3 "team.txt:2:1: error"
}

@test "age: post-quantum keys, where the build has ML-KEM" {
  bulla age keygen --pq -o pq.txt
  [[ $stderr != *"no ML-KEM"* ]] || skip "this build has no ML-KEM"
  expect 0 "public key: age1pq1"
  [ "$(stat -c %a pq.txt)" = 600 ]
  bulla age keygen -y pq.txt
  pq=$output
  [ "${#pq}" = 1959 ]
  bulla age keygen --pq -y pq.txt
  expect 2 "--pq makes a key"
  echo hello >text
  bulla age encrypt -r "$pq" -o text.age text
  expect 0
  bulla_revealing age decrypt -i pq.txt text.age
  prints_only hello
  bulla age decrypt -i key.txt text.age
  expect 4 "no identity opens the age file"
  bulla age encrypt -r "$pq" -r "$recipient" -o both.age text
  expect 3 "recipients that do not go together" "in a file of their own"
  [ ! -e both.age ]
}

@test "age: a build without ML-KEM says so of keys and files that need it" {
  bulla age keygen --pq -o pq.txt
  [[ $stderr == *"no ML-KEM"* ]] || skip "this build has ML-KEM"
  expect 1 "this build has no ML-KEM" "OpenSSL 3.5 or newer"
  [ ! -e pq.txt ]
  pq_key=$SOURCE/tests/data/age/pq-identity.txt
  pq=$(sed -n 's/^# public key: //p' "$pq_key")
  bulla age encrypt -r "$pq" key.txt
  expect 1 "this build has no ML-KEM"
  bulla age decrypt -i "$pq_key" "$SOURCE/tests/data/age/pq.age"
  expect 1 "pq-identity.txt:3:1: error: this build has no ML-KEM"
  bulla age decrypt -i key.txt "$SOURCE/tests/data/age/pq.age"
  expect 4 "no identity opens the age file" "this build has no ML-KEM"
  needs jq
  make_vaults
  bulla recipient add bob "$pq" --role reader --yes
  expect 1 "this build has no ML-KEM"
}

@test "age encrypt: a key in hardware that a plugin opens" {
  tag=age1tag1qgelrx5dc6q4r25rm30aqq3255z0htjfgc0gnwnry0g9ad8w9dahy2lc223
  echo hello >text
  bulla age encrypt -r "$tag" -r "$recipient" -o text.age text
  [[ $stderr != *"no OpenSSL"* ]] || skip "this build has no OpenSSL"
  expect 0
  grep -aq '^-> p256tag ' text.age
  bulla_revealing age decrypt -i key.txt text.age
  prints_only hello
}

@test "age: a terminal gets no bytes, and nothing decrypted unasked" {
  echo hello >text
  head -c 100 /dev/urandom >bytes
  bulla age encrypt -r "$recipient" -o text.age text
  bulla age encrypt -r "$recipient" -o bytes.age bytes
  on_terminal shown "$BULLA" age encrypt -r "$recipient" text
  [ "$status" = 1 ] && grep -q -- --armor shown
  on_terminal shown "$BULLA" age decrypt -i key.txt text.age
  [ "$status" = 1 ] && grep -q -- --reveal shown && ! grep -q hello shown
  on_terminal shown "$BULLA" age decrypt -i key.txt --reveal text.age
  [ "$status" = 0 ] && grep -q hello shown
  on_terminal shown "$BULLA" age decrypt -i key.txt --reveal bytes.age
  [ "$status" = 1 ] && grep -q -- --out shown
  on_terminal shown "$BULLA" age keygen
  [ "$status" = 1 ] && ! grep -q AGE-SECRET shown
}

@test "age decrypt: a broken file leaves the output as it was" {
  head -c 200000 /dev/zero >text
  bulla age encrypt -r "$recipient" -o text.age text
  echo old >opened
  head -c 150000 text.age >cut.age
  bulla age decrypt -i key.txt -o opened cut.age
  expect 5 "cut.age: error: age payload"
  [ "$(cat opened)" = old ]
  [ -z "$(find . -name '*.tmp-*')" ]
  # To a pipe goes what is authentic: whole chunks.
  [ "$("$BULLA" age decrypt -i key.txt cut.age 2>/dev/null | wc -c)" = 131072 ]
  echo text >cut.age
  bulla age decrypt -i key.txt cut.age
  expect 3 "cut.age:1:1: error"
}

@test "age: an output that is a pipe or a device is written to, not replaced" {
  mkfifo pipe
  echo hello >text
  cat pipe >got.age &
  bulla age encrypt -r "$recipient" -o pipe text
  expect 0
  wait
  [ -p pipe ]
  bulla_revealing age decrypt -i key.txt got.age
  prints_only hello
  bulla age decrypt -i key.txt -o /dev/null got.age
  expect 0
  [ -c /dev/null ]
}

@test "age: files of any size in little memory" {
  # A sanitizer needs room of its own.
  bash -c 'ulimit -v 65536; "$0" --version' "$BULLA" || skip "the program does not start in 64 MiB"
  bash -c 'ulimit -v 65536; head -c 100000000 /dev/zero | "$0" age encrypt -r "$1" |
    "$0" age decrypt -i key.txt | cmp - <(head -c 100000000 /dev/zero)' "$BULLA" "$recipient"
}

@test "age decrypt: without -i the usual identity opens, and what is encrypted asks once" {
  write_canary words
  echo hello >text
  bulla age encrypt -r "$recipient" -o text.age text
  BULLA_IDENTITY_FILE=key.txt bulla_revealing age decrypt text.age
  prints_only hello
  bulla age encrypt --passphrase-file words --work-factor 10 -o key.age key.txt
  chmod 600 key.age
  BULLA_IDENTITY_FILE=key.age answers=$CANARY on_terminal shown \
    "$BULLA" age decrypt --reveal text.age
  [ "$status" = 0 ]
  grep -q "passphrase of key.age: " shown
  grep -q hello shown
  BULLA_IDENTITY_FILE=key.age answers=$CANARY on_terminal shown "$BULLA" identity show
  grep -q "$recipient" shown
  BULLA_IDENTITY_FILE=key.age observe setsid -w "$BULLA" identity show
  expect 4 "no terminal to ask for the passphrase of key.age"
}

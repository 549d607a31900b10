# Completion of bulla for fish.
# Written by 'bulla --print-documentation fish'; do not edit.

set -g __bulla_families age git identity recipient
set -g __bulla_valued --environment -e --directory -C --compose-file -f --identity --root --color

# The command on the line so far: one word, or two of a family.
function __bulla_command
    set -l words (commandline -opc)
    set -l command
    set -e words[1]
    while set -q words[1]
        if contains -- $words[1] $__bulla_valued
            set -e words[1]
        else if not string match -q -- '-*' $words[1]
            set -a command $words[1]
            if not contains -- "$command" $__bulla_families
                break
            end
        end
        set -q words[1]; and set -e words[1]
    end
    echo "$command"
end

function __bulla_in
    contains -- (__bulla_command) $argv
end

# Names come from bulla itself.
function __bulla_names
    set -l words (commandline -opc)
    set -l context
    for i in (seq 2 (math (count $words) - 1))
        if contains -- $words[$i] -C --directory -e --environment -f --compose-file
            set -a context $words[$i] $words[(math $i + 1)]
        end
    end
    $words[1] $context --list $argv[1] 2>/dev/null
end

# A program of PATH, and files behind it.
function __bulla_program
    set -l token (commandline -ct)
    __fish_complete_command
    __fish_complete_path $token
end

complete -c bulla -f
complete -c bulla -n 'not __bulla_in "age decrypt" "age encrypt" "age keygen" "completion" "generate" "git install" "git pre-commit" "git textconv" "git uninstall" "help" "identity import" "identity new" "identity show" "init" "recipient request"' -s e -l environment -x -a '(__bulla_names environments)' -d 'the environment (BULLA_ENV, else the contract\'s default)'
complete -c bulla -s C -l directory -x -a '(__fish_complete_directories)' -d 'work as if started in DIR'
complete -c bulla -n 'not __bulla_in "access" "age decrypt" "age encrypt" "age keygen" "completion" "generate" "git fix" "git install" "git pre-commit" "git textconv" "git uninstall" "help" "identity import" "identity new" "identity show" "log" "recipient add" "recipient list" "recipient remove" "recipient request" "render" "resolve" "restore" "run" "status"' -s f -l compose-file -r -F -d 'a compose file; may be repeated'
complete -c bulla -n 'not __bulla_in "age decrypt" "age encrypt" "age keygen" "completion" "generate" "git install" "git pre-commit" "git textconv" "git uninstall" "help" "identity import" "identity new" "uses"' -l identity -r -F -d 'the private keys to open with'
complete -c bulla -n 'not __bulla_in "age decrypt" "age encrypt" "age keygen" "completion" "generate" "git install" "git pre-commit" "git textconv" "git uninstall" "help" "identity import" "identity new" "identity show" "init" "recipient request" "uses"' -l root -x -d 'the vault\'s root id must be this one'
complete -c bulla -n 'not __bulla_in "completion" "git fix" "git install" "git pre-commit" "git textconv" "git uninstall" "help" "uses"' -l require-locked-memory -d 'refuse to work where memory cannot be locked'
complete -c bulla -l color -x -a 'auto always never' -d 'colour on a terminal'
complete -c bulla -s q -l quiet -d 'no notes: only what is asked for and what is wrong'
complete -c bulla -s v -l verbose -d 'say more; may be repeated'
complete -c bulla -s h -l help -d 'show this help'
complete -c bulla -l version -d 'show the version'
complete -c bulla -n '__bulla_in ""' -a access -d 'say who can read and write what, and who could'
complete -c bulla -n '__bulla_in "access"' -s m -l member -x -a '(__bulla_names members)' -d 'of this person, past or present'
complete -c bulla -n '__bulla_in "access"' -l format -x -a 'human json' -d 'how to print it'
complete -c bulla -n '__bulla_in "access"' -x -a '(__bulla_names secrets)'
complete -c bulla -n '__bulla_in ""' -a age
complete -c bulla -n '__bulla_in "age"' -a decrypt -d 'decrypt an age file'
complete -c bulla -n '__bulla_in "age decrypt"' -s i -l identity-file -r -F -d 'with the keys of FILE; may be repeated'
complete -c bulla -n '__bulla_in "age decrypt"' -l passphrase-file -r -F -d 'with the passphrase in FILE'
complete -c bulla -n '__bulla_in "age decrypt"' -l passphrase-fd -x -d 'with the passphrase that descriptor N gives'
complete -c bulla -n '__bulla_in "age decrypt"' -l reveal -d 'print it even to a terminal'
complete -c bulla -n '__bulla_in "age decrypt"' -s o -l out -r -F -d 'write FILE, not standard output'
complete -c bulla -n '__bulla_in "age decrypt"' -r -F
complete -c bulla -n '__bulla_in "age"' -a encrypt -d 'encrypt a file to age recipients or with a passphrase'
complete -c bulla -n '__bulla_in "age encrypt"' -s r -l recipient -x -d 'to this recipient; may be repeated'
complete -c bulla -n '__bulla_in "age encrypt"' -s R -l recipients-file -r -F -d 'to those of FILE, one a line; may be repeated'
complete -c bulla -n '__bulla_in "age encrypt"' -s i -l identity-file -r -F -d 'to the recipients of an identity file; may be repeated'
complete -c bulla -n '__bulla_in "age encrypt"' -s p -l passphrase -d 'with a passphrase, which is asked for'
complete -c bulla -n '__bulla_in "age encrypt"' -l passphrase-file -r -F -d 'with the passphrase in FILE'
complete -c bulla -n '__bulla_in "age encrypt"' -l passphrase-fd -x -d 'with the passphrase that descriptor N gives'
complete -c bulla -n '__bulla_in "age encrypt"' -l work-factor -x -d 'of a passphrase: 2^N KiB of memory for each guess'
complete -c bulla -n '__bulla_in "age encrypt"' -s a -l armor -d 'write text (base64) instead of bytes'
complete -c bulla -n '__bulla_in "age encrypt"' -s o -l out -r -F -d 'write FILE, not standard output'
complete -c bulla -n '__bulla_in "age encrypt"' -r -F
complete -c bulla -n '__bulla_in "age"' -a keygen -d 'make an age key, or print the recipients of one'
complete -c bulla -n '__bulla_in "age keygen"' -s y -l to-recipients -d 'print the recipients of an identity file instead'
complete -c bulla -n '__bulla_in "age keygen"' -l pq -d 'make a post-quantum key (ML-KEM-768 with X25519; age 1.3 or newer reads it)'
complete -c bulla -n '__bulla_in "age keygen"' -l reveal -d 'print the key even to a terminal'
complete -c bulla -n '__bulla_in "age keygen"' -s o -l out -r -F -d 'write a new FILE, not standard output'
complete -c bulla -n '__bulla_in "age keygen"' -r -F
complete -c bulla -n '__bulla_in ""' -a check -d 'say everything that is wrong, each at its place'
complete -c bulla -n '__bulla_in "check"' -l format -x -a 'human json sarif github junit gitlab' -d 'how to print it'
complete -c bulla -n '__bulla_in "check"' -l compose -x -a '5 2' -d 'the major version of Compose to follow'
complete -c bulla -n '__bulla_in "check"' -l env-file -r -F -d 'check this env file instead of the vault; may be repeated'
complete -c bulla -n '__bulla_in "check"' -l since -x -d 'only what changed since this commit of git'
complete -c bulla -n '__bulla_in "check"' -l strict -d 'let warnings fail too'
complete -c bulla -n '__bulla_in "check"' -l fix -d 'mend what can be mended safely, then check again'
complete -c bulla -n '__bulla_in "check"' -l dry-run -d 'with --fix: show it and change nothing'
complete -c bulla -n '__bulla_in "check"' -s y -l yes -d 'with --fix: do not ask, and make values in a protected environment too'
complete -c bulla -n '__bulla_in ""' -a completion -d 'print the completion script of a shell'
complete -c bulla -n '__bulla_in "completion"' -x -a 'bash zsh fish'
complete -c bulla -n '__bulla_in ""' -a diff -d 'show where two environments or commits differ'
complete -c bulla -n '__bulla_in "diff"' -l format -x -a 'human json' -d 'how to print it'
complete -c bulla -n '__bulla_in "diff"' -x -a '(__bulla_names environments)'
complete -c bulla -n '__bulla_in ""' -a edit -d 'edit an environment\'s values as one text'
complete -c bulla -n '__bulla_in "edit"' -l why -x -d 'the reason, for the history (public)'
complete -c bulla -n '__bulla_in "edit"' -l force -d 'take values whatever their form: existing ones that work'
complete -c bulla -n '__bulla_in "edit"' -l plain-tmp -d 'put the text into TMPDIR where /dev/shm is not in memory'
complete -c bulla -n '__bulla_in "edit"' -s y -l yes -d 'write to a protected environment, and unset names, without asking'
complete -c bulla -n '__bulla_in ""' -a explain -d 'say what a finding means, or what a variable is'
complete -c bulla -n '__bulla_in "explain"' -l list -d 'list every rule'
complete -c bulla -n '__bulla_in "explain"' -x -a '(__bulla_names explainable)'
complete -c bulla -n '__bulla_in ""' -a fill -d 'make every missing value that can be made'
complete -c bulla -n '__bulla_in "fill"' -l why -x -d 'the reason, for the history (public)'
complete -c bulla -n '__bulla_in "fill"' -s y -l yes -d 'write to a protected environment without asking'
complete -c bulla -n '__bulla_in "fill"' -x -a '(__bulla_names secrets)'
complete -c bulla -n '__bulla_in ""' -a generate -d 'print fresh values of a kind'
complete -c bulla -n '__bulla_in "generate"' -s n -l count -x -d 'print N values, one a line'
complete -c bulla -n '__bulla_in "generate"' -l classes -x -d 'letters of \'luds\': at least one of each class (password)'
complete -c bulla -n '__bulla_in "generate"' -l symbols -x -d 'the symbols to choose from (password)'
complete -c bulla -n '__bulla_in "generate"' -l exclude -x -d 'characters that never occur (password, alnum)'
complete -c bulla -n '__bulla_in "generate"' -l kinds -d 'list the kinds, or describe one'
complete -c bulla -n '__bulla_in "generate"' -l format -x -a 'human json' -d 'how to print the kinds'
complete -c bulla -n '__bulla_in "generate"' -x -a '(__bulla_names kinds)'
complete -c bulla -n '__bulla_in ""' -a get -d 'print one value'
complete -c bulla -n '__bulla_in "get"' -l reveal -d 'print it to a terminal too'
complete -c bulla -n '__bulla_in "get"' -x -a '(__bulla_names secrets)'
complete -c bulla -n '__bulla_in ""' -a git
complete -c bulla -n '__bulla_in "git"' -a fix -d 'bring back what git took from a vault'
complete -c bulla -n '__bulla_in "git fix"' -s n -l dry-run -d 'show what would be done, and do nothing'
complete -c bulla -n '__bulla_in "git fix"' -s y -l yes -d 'do it without asking, in a protected environment too'
complete -c bulla -n '__bulla_in "git"' -a install -d 'have git show and check vaults in this clone'
complete -c bulla -n '__bulla_in "git"' -a pre-commit -d 'look at what is about to be committed'
complete -c bulla -n '__bulla_in "git"' -a textconv -d 'print what was done in a vault, for git diff'
complete -c bulla -n '__bulla_in "git textconv"' -r -F
complete -c bulla -n '__bulla_in "git"' -a uninstall -d 'take back what git install did in this clone'
complete -c bulla -n '__bulla_in ""' -a help -d 'show the list of commands, or one of them'
complete -c bulla -n '__bulla_in "help"' -x -a '(__bulla_names commands)'
complete -c bulla -n '__bulla_in ""' -a history -d 'list the versions of a secret'
complete -c bulla -n '__bulla_in "history"' -s a -l all -d 'also versions beyond the contract\'s \'keep\''
complete -c bulla -n '__bulla_in "history"' -l format -x -a 'human json' -d 'how to print it'
complete -c bulla -n '__bulla_in "history"' -x -a '(__bulla_names secrets)'
complete -c bulla -n '__bulla_in ""' -a identity
complete -c bulla -n '__bulla_in "identity"' -a import -d 'take an identity that is there already into use'
complete -c bulla -n '__bulla_in "identity import"' -l file -r -F -d 'read it from FILE'
complete -c bulla -n '__bulla_in "identity import"' -l fd -x -d 'read it from descriptor N'
complete -c bulla -n '__bulla_in "identity import"' -s o -l out -r -F -d 'write it to FILE, not to the default place'
complete -c bulla -n '__bulla_in "identity"' -a new -d 'make a private key that can open vaults'
complete -c bulla -n '__bulla_in "identity new"' -s o -l out -r -F -d 'write it to FILE, not to the default place'
complete -c bulla -n '__bulla_in "identity"' -a show -d 'print the recipients of the identity at hand'
complete -c bulla -n '__bulla_in ""' -a init -d 'set a stack up: contract, identity, vaults'
complete -c bulla -n '__bulla_in "init"' -l name -x -d 'the member that you are in the vaults (default: git\'s user.name)'
complete -c bulla -n '__bulla_in "init"' -l no-import -d 'leave the values of existing env files alone'
complete -c bulla -n '__bulla_in "init"' -s y -l yes -d 'write to a protected environment without asking'
complete -c bulla -n '__bulla_in ""' -a list -d 'list the secrets of an environment'
complete -c bulla -n '__bulla_in "list"' -s a -l all -d 'settings too'
complete -c bulla -n '__bulla_in "list"' -l format -x -a 'human json' -d 'how to print it'
complete -c bulla -n '__bulla_in ""' -a log -d 'show who did what when'
complete -c bulla -n '__bulla_in "log"' -s p -l person -x -a '(__bulla_names members)' -d 'what this person did and what was done about him'
complete -c bulla -n '__bulla_in "log"' -l verify -d 'check every signature and rule first'
complete -c bulla -n '__bulla_in "log"' -s n -l limit -x -d 'only the newest N'
complete -c bulla -n '__bulla_in "log"' -l format -x -a 'human json' -d 'how to print it'
complete -c bulla -n '__bulla_in "log"' -x -a '(__bulla_names secrets)'
complete -c bulla -n '__bulla_in ""' -a recipient
complete -c bulla -n '__bulla_in "recipient"' -a add -d 'let somebody read or write a vault'
complete -c bulla -n '__bulla_in "recipient add"' -l role -x -a 'same reader writer admin owner' -d 'what he may do (same: as before; a new member reads)'
complete -c bulla -n '__bulla_in "recipient add"' -l all-environments -d 'in every environment that has a vault'
complete -c bulla -n '__bulla_in "recipient add"' -l new -d 'make an identity for him: a CI or a server'
complete -c bulla -n '__bulla_in "recipient add"' -s o -l out -r -F -d 'write the identity of --new to FILE'
complete -c bulla -n '__bulla_in "recipient add"' -l reveal -d 'print the identity of --new to a terminal too'
complete -c bulla -n '__bulla_in "recipient add"' -s y -l yes -d 'take the keys, and write to a protected environment, without asking'
complete -c bulla -n '__bulla_in "recipient add"' -x -a '(__bulla_names members)'
complete -c bulla -n '__bulla_in "recipient"' -a list -d 'list the members of a vault'
complete -c bulla -n '__bulla_in "recipient list"' -l format -x -a 'human json' -d 'how to print it'
complete -c bulla -n '__bulla_in "recipient"' -a remove -d 'end somebody\'s rights, and say what to turn then'
complete -c bulla -n '__bulla_in "recipient remove"' -l why -x -d 'the reason, for the history (public)'
complete -c bulla -n '__bulla_in "recipient remove"' -l all-environments -d 'from every vault in .bulla/ that he is in'
complete -c bulla -n '__bulla_in "recipient remove"' -s y -l yes -d 'write to a protected environment without asking'
complete -c bulla -n '__bulla_in "recipient remove"' -x -a '(__bulla_names members)'
complete -c bulla -n '__bulla_in "recipient"' -a request -d 'print the line by which you ask to become a member'
complete -c bulla -n '__bulla_in "recipient request"' -l name -x -d 'the member that you want to be (default: git\'s user.name)'
complete -c bulla -n '__bulla_in ""' -a render -d 'write the values to the file that is read'
complete -c bulla -n '__bulla_in "render"' -s o -l output -r -F -d 'write there instead; - is standard output'
complete -c bulla -n '__bulla_in "render"' -l format -x -a 'contract compose compose-double compose-single docker systemd sh github node python ruby' -d 'the notation'
complete -c bulla -n '__bulla_in "render"' -l diff -d 'show what would change, without secrets'
complete -c bulla -n '__bulla_in "render"' -l check -d 'fail when the file is out of date'
complete -c bulla -n '__bulla_in "render"' -l replace -d 'also secrets that the file alone has: they are gone then'
complete -c bulla -n '__bulla_in "render"' -l reveal -d 'print values to a terminal too'
complete -c bulla -n '__bulla_in ""' -a resolve -d 'settle a name that two branches changed'
complete -c bulla -n '__bulla_in "resolve"' -l take -x -d 'take this one of them: its number, or the beginning of its id'
complete -c bulla -n '__bulla_in "resolve"' -l new -d 'ask for a new value, or read standard input'
complete -c bulla -n '__bulla_in "resolve"' -l file -r -F -d 'read a new value from FILE'
complete -c bulla -n '__bulla_in "resolve"' -l fd -x -d 'read a new value from descriptor N'
complete -c bulla -n '__bulla_in "resolve"' -l exact -d 'keep a line end at the new value\'s end'
complete -c bulla -n '__bulla_in "resolve"' -l force -d 'take a new value whatever its form'
complete -c bulla -n '__bulla_in "resolve"' -l unset -d 'leave the name without a value'
complete -c bulla -n '__bulla_in "resolve"' -l why -x -d 'the reason, for the history (public)'
complete -c bulla -n '__bulla_in "resolve"' -s y -l yes -d 'write to a protected environment without asking'
complete -c bulla -n '__bulla_in "resolve"' -x -a '(__bulla_names secrets)'
complete -c bulla -n '__bulla_in ""' -a restore -d 'bring back lines of a vault that a reset took'
complete -c bulla -n '__bulla_in "restore"' -s y -l yes -d 'write to a protected environment without asking'
complete -c bulla -n '__bulla_in ""' -a rollback -d 'go back to an older value of a secret'
complete -c bulla -n '__bulla_in "rollback"' -l to -x -d 'go back to this number or id (default: the one before the current)'
complete -c bulla -n '__bulla_in "rollback"' -l why -x -d 'the reason, for the history (public)'
complete -c bulla -n '__bulla_in "rollback"' -s y -l yes -d 'write to a protected environment without asking'
complete -c bulla -n '__bulla_in "rollback"' -x -a '(__bulla_names secrets)'
complete -c bulla -n '__bulla_in ""' -a rotate -d 'turn secrets: new versions, and whom to tell'
complete -c bulla -n '__bulla_in "rotate"' -l due -d 'turn what is past its period'
complete -c bulla -n '__bulla_in "rotate"' -l exposed -d 'turn what somebody outside may have'
complete -c bulla -n '__bulla_in "rotate"' -l all -d 'turn every secret that can be made'
complete -c bulla -n '__bulla_in "rotate"' -s n -l dry-run -d 'say what would be done'
complete -c bulla -n '__bulla_in "rotate"' -l why -x -d 'kept with each new version'
complete -c bulla -n '__bulla_in "rotate"' -s y -l yes -d 'write to a protected environment unasked'
complete -c bulla -n '__bulla_in "rotate"' -l format -x -a 'human json' -d 'how to print it'
complete -c bulla -n '__bulla_in "rotate"' -x -a '(__bulla_names variables)'
complete -c bulla -n '__bulla_in ""' -a run -d 'run a command with the values in its environment'
complete -c bulla -n '__bulla_in "run"' -l force-name -d 'also set names that change how programs start'
complete -c bulla -n '__bulla_in "run"' -l any-env-file -d 'also where a service reads another environment\'s env file'
complete -c bulla -n '__bulla_in "run"' -x -a '(__bulla_program)'
complete -c bulla -n '__bulla_in ""' -a set -d 'give a secret a value'
complete -c bulla -n '__bulla_in "set"' -l file -r -F -d 'read the value from FILE'
complete -c bulla -n '__bulla_in "set"' -l fd -x -d 'read the value from descriptor N'
complete -c bulla -n '__bulla_in "set"' -l exact -d 'keep a line end at the value\'s end'
complete -c bulla -n '__bulla_in "set"' -l why -x -d 'the reason, for the history (public)'
complete -c bulla -n '__bulla_in "set"' -l force -d 'set it whatever its form: an existing value that works'
complete -c bulla -n '__bulla_in "set"' -s y -l yes -d 'write to a protected environment without asking'
complete -c bulla -n '__bulla_in "set"' -x -a '(__bulla_names secrets)'
complete -c bulla -n '__bulla_in ""' -a status -d 'show what is set, missing, overdue, exposed'
complete -c bulla -n '__bulla_in "status"' -l format -x -a 'human json' -d 'how to print it'
complete -c bulla -n '__bulla_in ""' -a unset -d 'take a secret\'s value away'
complete -c bulla -n '__bulla_in "unset"' -l why -x -d 'the reason, for the history (public)'
complete -c bulla -n '__bulla_in "unset"' -s y -l yes -d 'write to a protected environment without asking'
complete -c bulla -n '__bulla_in "unset"' -x -a '(__bulla_names secrets)'
complete -c bulla -n '__bulla_in ""' -a uses -d 'list the services and lines that use variables'
complete -c bulla -n '__bulla_in "uses"' -l format -x -a 'human json dot mermaid' -d 'how to print it'
complete -c bulla -n '__bulla_in "uses"' -x -a '(__bulla_names variables)'
complete -c bulla -n '__bulla_in ""' -a verify -d 'check every signature and rule of a vault'
complete -c bulla -n '__bulla_in "verify"' -l accept -d 'take the vault as it is: forget records that were here and are gone'
complete -c bulla -n '__bulla_in "verify"' -l against -x -d 'also look for records that this revision has and we lost'
complete -c bulla -n '__bulla_in "verify"' -l format -x -a 'human json' -d 'how to print it'

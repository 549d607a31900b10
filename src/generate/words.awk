# Makes the C array of the word list from its lines, "11111<TAB>abacus". Cells of one width need no
# pointers: the list costs nothing at start-up and stays in read-only pages.
BEGIN {
  print "#include \"generate/words.h\""
  print ""
  print "const char words_list[WORDS_COUNT][WORDS_CELL_BYTES] = {"
}
NF == 2 && $1 ~ /^[1-6][1-6][1-6][1-6][1-6]$/ && $2 ~ /^[a-z-]+$/ && length($2) < 10 && $2 > last {
  printf "    \"%s\",\n", $2
  last = $2
  count++
  next
}
{
  print "line " NR ": not a word of the list, or out of order" > "/dev/stderr"
  failed = 1
  exit 1
}
END {
  print "};"
  if (failed || count != 7776) {
    exit 1
  }
}

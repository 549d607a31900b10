/*
 * The EFF's long word list, made from data/eff/wordlist.txt at build time. Attribution:
 * data/eff/LICENSE.
 */
#ifndef BULLA_GENERATE_WORDS_H
#define BULLA_GENERATE_WORDS_H

#define WORDS_COUNT 7776
#define WORDS_CELL_BYTES 10 /* the longest word and its NUL */

extern const char words_list[WORDS_COUNT][WORDS_CELL_BYTES];

#endif

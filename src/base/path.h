/* Paths as text; layer 0. */
#ifndef BULLA_BASE_PATH_H
#define BULLA_BASE_PATH_H

/*
 * Takes "." and ".." out of PATH in place, by its text alone, as Compose does (links are not
 * followed). An empty path becomes ".": it needs room for that.
 */
void path_clean_text(char *path);

#endif

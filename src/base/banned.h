/* Functions that have no safe use here. Included last, after the system's headers. */
#ifndef BULLA_BASE_BANNED_H
#define BULLA_BASE_BANNED_H

/* A fortified libc may define some of them as macros, which cannot be poisoned. */
#undef strcpy
#undef strcat
#undef sprintf
#undef vsprintf
#undef strtok
#undef gets
#undef atoi
#undef atol
#undef strncpy
#undef strncat

#pragma GCC poison strcpy strcat sprintf vsprintf strtok gets atoi atol strncpy strncat

#endif

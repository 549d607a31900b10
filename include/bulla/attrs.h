/* Compiler attributes and the ownership shorthands that every other header uses. */
#ifndef BULLA_ATTRS_H
#define BULLA_ATTRS_H

/* Marks a function as part of the public interface; all others stay hidden in the shared library.
 */
#define BULLA_API __attribute__((visibility("default")))

/* The caller has to look at the result. */
#define BULLA_MUST_CHECK __attribute__((warn_unused_result))

/* The function takes a printf format at argument FMT and its values from argument FIRST on. */
#define BULLA_PRINTF(fmt, first) __attribute__((format(printf, fmt, first)))

/* Runs FN on the variable's address when it goes out of scope. */
#define BULLA_AUTO(fn) __attribute__((cleanup(fn)))

/* Gives away what POINTER owns: yields its value and leaves NULL behind. */
#define BULLA_STEAL(pointer)                                                                       \
    __extension__({                                                                                \
        __typeof__(pointer) *bulla_steal_from_ = &(pointer);                                       \
        __typeof__(pointer) bulla_stolen_ = *bulla_steal_from_;                                    \
        *bulla_steal_from_ = NULL;                                                                 \
        bulla_stolen_;                                                                             \
    })

/*
 * Defines NAME as a cleanup function for variables of TYPE (a pointer) that calls FREE on them:
 *     BULLA_DEFINE_AUTO(bulla_auto_secret_p, struct bulla_secret *, bulla_secret_free)
 */
#define BULLA_DEFINE_AUTO(name, type, free)                                                        \
    __attribute__((unused)) static inline void name(type *variable)                                \
    {                                                                                              \
        free(*variable);                                                                           \
    }

#endif

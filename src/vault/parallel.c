#include "vault/parallel.h"

#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>

#include "base/banned.h"

#define MAX_THREADS 64
#define STEP ((size_t)64)

struct work {
    const struct bulla_vault *vault;
    struct parallel_item *items;
    size_t count;
    atomic_size_t next;
};

unsigned parallel_width(void)
{
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof set, &set) != 0) {
        return 1;
    }
    int count = CPU_COUNT(&set);
    return count < 1 ? 1 : count > MAX_THREADS ? MAX_THREADS : (unsigned)count;
}

/* Takes STEP items at a time until there are none: a slow processor keeps nobody waiting. */
static void *run(void *context)
{
    struct work *work = context;
    for (size_t at = atomic_fetch_add(&work->next, STEP); at < work->count;
         at = atomic_fetch_add(&work->next, STEP)) {
        size_t end = at + STEP < work->count ? at + STEP : work->count;
        for (size_t i = at; i < end; i++) {
            struct parallel_item *item = &work->items[i];
            const struct record *record = &work->vault->records[item->record];
            item->is_good = trust_is_signature(record->id, record_signature(&record->t),
                                               work->vault->sign_keys[item->key].bytes);
        }
    }
    return NULL;
}

void parallel_verify(const struct bulla_vault *vault, struct parallel_item *items, size_t count)
{
    struct work work = {.vault = vault, .items = items, .count = count};
    pthread_t threads[MAX_THREADS];
    unsigned width = parallel_width();
    unsigned started = 0;
    sigset_t all;
    sigset_t before;
    /* Signals are for the thread that knows what to do with them. */
    (void)sigfillset(&all);
    (void)pthread_sigmask(SIG_SETMASK, &all, &before);
    while (started + 1 < width && pthread_create(&threads[started], NULL, run, &work) == 0) {
        started++;
    }
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
    (void)run(&work);
    for (unsigned i = 0; i < started; i++) {
        (void)pthread_join(threads[i], NULL);
    }
}

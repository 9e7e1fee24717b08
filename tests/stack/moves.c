/* Bodies that are suspended on one thread and go on on the other, again and again: what a function may rely on is theirs,
 * and errno is the thread's. stack.sh compiles it in many ways; it wants no more of the runtime than its stacks.
 *
 *   moves [N]     N moves from thread to thread, a million by default; prints how many and succeeds, or says what was lost
 */
#include <prt/errno.h>
#include <prt/platform.h>

#include <fenv.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>

enum { THREADS = 2, BODIES = 8, NOWHERE = THREADS };

/* A thread, for the bodies that run on it. */
struct place {
    struct prt_base base;
    unsigned id;
    int *error;     /* where its errno is */
    uint64_t wrong; /* modes that a body has left behind */
};

static struct body {
    struct prt_stack *stack;
    struct place *place;
    prt_atomic_u64 next; /* the thread that it waits for */
    uint64_t moves, stays, left;
    uint64_t wrong[3];   /* errno, modes, sums */
} bodies[BODIES];

static prt_atomic_u64 ended;

static const int modes[] = { FE_TONEAREST, FE_UPWARD, FE_DOWNWARD, FE_TOWARDZERO };

/* Every fifth time the body goes on at once. Otherwise the other thread may have it before this returns. */
static bool goes_on(void *argument)
{
    struct body *const body = argument;

    if ((body->moves + body->stays) % 5 == 4) {
        body->stays++;
        return true;
    }
    body->moves++;
    prt_store_release(&body->next, (body->place->id + 1) % THREADS);
    return false;
}

static uint64_t step(uint64_t sum, uint64_t i)
{
    return sum * 6364136223846793005 + i;
}

/* Division rounds by other modes than those that fegetround() tells, on x86-64. */
struct quotients {
    double third, tenth;
};

static struct quotients divide(void)
{
    volatile double one = 1, three = 3, ten = 10;

    return (struct quotients){ one / three, one / ten };
}

/* As many of each kind as a function can keep in registers across a call. */
#define EACH_SUM(X) X(a, 1) X(b, 2) X(c, 3) X(d, 4) X(e, 5) X(f, 6) X(g, 7) X(h, 8) X(k, 9)
#define EACH_COUNT(X) X(p, 1) X(q, 2) X(r, 3) X(s, 4) X(t, 5) X(u, 6) X(v, 7) X(w, 8)
#define SUM_BEGIN(name, n) uint64_t name = n;
#define SUM_STEP(name, n) name = step(name, i);
#define SUM_CHECK(name, n) body->wrong[2] += name != expected(n, left);
#define COUNT_BEGIN(name, n) double name = 0;
#define COUNT_STEP(name, n) name += n;
#define COUNT_CHECK(name, n) body->wrong[2] += name != n * (double)left;

static uint64_t expected(uint64_t sum, uint64_t left)
{
    for (uint64_t i = 0; i < left; i++)
        sum = step(sum, i);
    return sum;
}

static void run(void *argument)
{
    struct body *const body = argument;
    const int mode = modes[(body - bodies) % 4];
    const uint64_t left = body->left;
    struct quotients before, now;
    EACH_SUM(SUM_BEGIN)
    EACH_COUNT(COUNT_BEGIN)

    fesetround(mode);
    before = divide();
    for (uint64_t i = 0; i < left; i++) {
        errno = (int)(i % 100);
        prt_stack_leave(body->stack, &body->place->base, goes_on, body);
        strtoul("99999999999999999999999", NULL, 10);
        if (errno != ERANGE || *body->place->error != ERANGE)
            body->wrong[0]++;
        errno = 0;
        if (*body->place->error != 0)
            body->wrong[0]++;
        now = divide();
        body->wrong[1] += fegetround() != mode || now.third != before.third || now.tenth != before.tenth;
        EACH_SUM(SUM_STEP)
        EACH_COUNT(COUNT_STEP)
    }
    EACH_SUM(SUM_CHECK)
    EACH_COUNT(COUNT_CHECK)
}

static void *thread_main(void *argument)
{
    struct place *const place = argument;
    const struct quotients before = divide();
    struct quotients now;

    place->error = prt_errno_();
    while (prt_load_acquire(&ended) < BODIES) {
        bool any = false;

        for (struct body *body = bodies; body < bodies + BODIES; body++) {
            if (prt_load_acquire(&body->next) != place->id)
                continue;
            any = true;
            body->place = place;
            prt_store_relaxed(&body->next, NOWHERE);
            if (prt_stack_enter(body->stack, &place->base))
                prt_add(&ended, 1);
            now = divide();
            place->wrong += fegetround() != FE_TONEAREST || now.third != before.third || now.tenth != before.tenth;
        }
        if (!any)
            sched_yield();
    }
    return NULL;
}

int main(int argc, char **argv)
{
    const uint64_t moves = argc > 1 ? strtoul(argv[1], NULL, 10) : 1000000;
    struct place places[THREADS] = { { .id = 0 }, { .id = 1 } };
    pthread_t threads[THREADS];
    uint64_t done = 0, wrong[4] = { 0 };

    for (int i = 0; i < BODIES; i++) {
        bodies[i].stack = prt_stack_new();
        if (!bodies[i].stack)
            return 2;
        bodies[i].left = (moves / BODIES * 5 + 4) / 4 + 1;
        prt_stack_begin(bodies[i].stack, "moves", "body", run, &bodies[i]);
    }
    for (int i = 0; i < THREADS; i++)
        if (pthread_create(&threads[i], NULL, thread_main, &places[i]) != 0)
            return 2;
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
        wrong[3] += places[i].wrong;
    }
    for (int i = 0; i < BODIES; i++) {
        done += bodies[i].moves;
        for (int k = 0; k < 3; k++)
            wrong[k] += bodies[i].wrong[k];
        prt_stack_free(bodies[i].stack);
    }
    printf("%llu moves\n", (unsigned long long)done);
    if (wrong[0] + wrong[1] + wrong[2] + wrong[3] == 0 && done >= moves / BODIES * BODIES)
        return 0;
    printf("wrong: errno %llu times, modes %llu, sums %llu, the thread's modes %llu\n", (unsigned long long)wrong[0],
           (unsigned long long)wrong[1], (unsigned long long)wrong[2], (unsigned long long)wrong[3]);
    return 1;
}

/* The scheduler's own tests: programs whose outcomes are known from the literature. Those that may fail in a memory
 * must be found to; those that may not must not.
 */
#include "harness.h"

#include "platform_sched.h"

static prt_atomic_u64 x, y, flag;
static uint64_t r1, r2;
static uint32_t data;
static struct prt_event event;
static struct prt_mutex lock_a, lock_b;

static void nothing(void *unused)
{
    (void)unused;
}

static void reset(void)
{
    prt_store(&x, 0);
    prt_store(&y, 0);
    prt_store(&flag, 0);
    r1 = r2 = 9;
    data = 0;
    event = (struct prt_event){ 0 };
    lock_a = lock_b = (struct prt_mutex){ 0 };
    nothing(NULL);
}

static void run_two(void (*one)(void *), void (*other)(void *))
{
    sched_name(&x, sizeof x, "x");
    reset();
    sched_spawn("one", one, NULL);
    sched_spawn("other", other, NULL);
    sched_join_all();
}

/* ---- store buffering -------------------------------------------------------------------------------------------- */

static void sb_one(void *unused)
{
    (void)unused;
    prt_store_relaxed(&x, 1);
    r1 = prt_load_relaxed(&y);
}

static void sb_other(void *unused)
{
    (void)unused;
    prt_store_relaxed(&y, 1);
    r2 = prt_load_relaxed(&x);
}

void litmus_store_buffering(void)
{
    run_two(sb_one, sb_other);
    SCHED_CHECK(r1 == 1 || r2 == 1, "both threads missed the other's store");
}

static void sb_seq_cst_one(void *unused)
{
    (void)unused;
    prt_store(&x, 1);
    r1 = prt_load(&y);
}

static void sb_seq_cst_other(void *unused)
{
    (void)unused;
    prt_store(&y, 1);
    r2 = prt_load(&x);
}

void litmus_store_buffering_seq_cst(void)
{
    run_two(sb_seq_cst_one, sb_seq_cst_other);
    SCHED_CHECK(r1 == 1 || r2 == 1, "both threads missed the other's store");
}

/* The hot side has no barrier, the rare one makes all pass one. */
static void sb_hot(void *unused)
{
    (void)unused;
    prt_publish(&x, 1);
    r1 = prt_load_relaxed(&y);
}

static void sb_rare(void *unused)
{
    (void)unused;
    prt_store_relaxed(&y, 1);
    prt_barrier_all();
    r2 = prt_load_relaxed(&x);
}

void litmus_barrier_all(void)
{
    run_two(sb_hot, sb_rare);
    SCHED_CHECK(r1 == 1 || r2 == 1, "both threads missed the other's store");
}

/* A store is delayed past a later one of the same thread in no memory but the weak one. */
static void mp_relaxed_send(void *unused)
{
    (void)unused;
    prt_store_relaxed(&x, 42);
    prt_store_relaxed(&flag, 1);
}

static void mp_relaxed_receive(void *unused)
{
    (void)unused;
    while (prt_load_relaxed(&flag) == 0)
        prt_pause();
    SCHED_CHECK(prt_load_relaxed(&x) == 42, "the flag came before the data");
}

void litmus_message_relaxed(void)
{
    run_two(mp_relaxed_send, mp_relaxed_receive);
}

static void mp_send(void *unused)
{
    (void)unused;
    prt_store_relaxed(&x, 42);
    prt_store_release(&flag, 1);
}

static void mp_receive(void *unused)
{
    (void)unused;
    while (prt_load_acquire(&flag) == 0)
        prt_pause();
    SCHED_CHECK(prt_load_relaxed(&x) == 42, "the flag came before the data");
}

void litmus_message(void)
{
    run_two(mp_send, mp_receive);
}

/* The same with bytes that are copied: a data race where the flag is relaxed. */
static void bytes_relaxed_send(void *unused)
{
    const uint32_t value = 42;

    (void)unused;
    memcpy(&data, &value, sizeof data);
    prt_store_relaxed(&flag, 1);
}

static void bytes_send(void *unused)
{
    const uint32_t value = 42;

    (void)unused;
    memcpy(&data, &value, sizeof data);
    prt_store_release(&flag, 1);
}

static void bytes_receive(void *unused)
{
    uint32_t value;

    (void)unused;
    while (prt_load_acquire(&flag) == 0)
        prt_pause();
    memcpy(&value, &data, sizeof value);
    SCHED_CHECK(value == 42, "the flag came before the data");
}

void litmus_race(void)
{
    run_two(bytes_relaxed_send, bytes_receive);
}

void litmus_no_race(void)
{
    run_two(bytes_send, bytes_receive);
}

/* ---- coherence -------------------------------------------------------------------------------------------------- */

static void coherence_write(void *unused)
{
    (void)unused;
    for (uint64_t i = 1; i <= 3; i++)
        prt_store_relaxed(&x, i);
}

static void coherence_read(void *unused)
{
    uint64_t last = 0;

    (void)unused;
    for (int i = 0; i < 3; i++) {
        const uint64_t now = prt_load_relaxed(&x);

        SCHED_CHECK(now >= last, "one location went backwards");
        last = now;
    }
}

void litmus_coherence(void)
{
    run_two(coherence_write, coherence_read);
}

/* Two readers of two writers' stores must agree on their order where all is sequentially consistent. */
static uint64_t seen[4];

static void iriw_write_x(void *unused)
{
    (void)unused;
    prt_store(&x, 1);
}

static void iriw_write_y(void *unused)
{
    (void)unused;
    prt_store(&y, 1);
}

static void iriw_read_xy(void *unused)
{
    (void)unused;
    seen[0] = prt_load(&x);
    seen[1] = prt_load(&y);
}

static void iriw_read_yx(void *unused)
{
    (void)unused;
    seen[2] = prt_load(&y);
    seen[3] = prt_load(&x);
}

static void iriw_read_xy_relaxed(void *unused)
{
    (void)unused;
    seen[0] = prt_load_acquire(&x);
    seen[1] = prt_load_acquire(&y);
}

static void iriw_read_yx_relaxed(void *unused)
{
    (void)unused;
    seen[2] = prt_load_acquire(&y);
    seen[3] = prt_load_acquire(&x);
}

static void run_iriw(void (*read_xy)(void *), void (*read_yx)(void *))
{
    reset();
    sched_spawn("write x", iriw_write_x, NULL);
    sched_spawn("write y", iriw_write_y, NULL);
    sched_spawn("read x y", read_xy, NULL);
    sched_spawn("read y x", read_yx, NULL);
    sched_join_all();
    SCHED_CHECK(!(seen[0] && !seen[1] && seen[2] && !seen[3]), "two readers saw two stores in different orders");
}

void litmus_iriw_seq_cst(void)
{
    run_iriw(iriw_read_xy, iriw_read_yx);
}

void litmus_iriw_acquire(void)
{
    run_iriw(iriw_read_xy_relaxed, iriw_read_yx_relaxed);
}

/* ---- atomicity -------------------------------------------------------------------------------------------------- */

static void add_by_hand(void *unused)
{
    (void)unused;
    prt_store(&x, prt_load(&x) + 1);
}

void litmus_lost_update(void)
{
    run_two(add_by_hand, add_by_hand);
    SCHED_CHECK(prt_load(&x) == 2, "an update was lost");
}

static void add(void *unused)
{
    uint64_t old = prt_load_relaxed(&y);

    (void)unused;
    prt_add(&x, 1);
    while (!prt_cas(&y, &old, old + 1))
        ;
}

void litmus_add(void)
{
    run_two(add, add);
    SCHED_CHECK(prt_load(&x) == 2 && prt_load(&y) == 2, "an update was lost");
}

static void add_locked(void *unused)
{
    (void)unused;
    prt_mutex_lock(&lock_a);
    prt_store_relaxed(&x, prt_load_relaxed(&x) + 1);
    prt_mutex_unlock(&lock_a);
}

void litmus_lock(void)
{
    run_two(add_locked, add_locked);
    SCHED_CHECK(prt_load(&x) == 2, "an update was lost");
}

/* ---- waiting ---------------------------------------------------------------------------------------------------- */

static prt_atomic_u32 word;

static void wait_unchecked(void *unused)
{
    (void)unused;
    if (prt_load(&x) == 0)
        prt_wait(&word, 0, PRT_NEVER); /* the store and its wake-up may have come in between */
}

static void wake_once(void *unused)
{
    (void)unused;
    prt_store(&x, 1);
    prt_wake(&word);
}

void litmus_lost_wake_up(void)
{
    run_two(wait_unchecked, wake_once);
}

static void wait_event(void *unused)
{
    (void)unused;
    while (prt_load(&x) == 0)
        prt_event_wait(&event, PRT_NEVER);
}

static void set_event(void *unused)
{
    (void)unused;
    prt_store(&x, 1);
    prt_event_set(&event);
}

void litmus_event(void)
{
    run_two(wait_event, set_event);
}

static void lock_a_b(void *unused)
{
    (void)unused;
    prt_mutex_lock(&lock_a);
    prt_mutex_lock(&lock_b);
    prt_mutex_unlock(&lock_b);
    prt_mutex_unlock(&lock_a);
}

static void lock_b_a(void *unused)
{
    (void)unused;
    prt_mutex_lock(&lock_b);
    prt_mutex_lock(&lock_a);
    prt_mutex_unlock(&lock_a);
    prt_mutex_unlock(&lock_b);
}

void litmus_deadlock(void)
{
    run_two(lock_a_b, lock_b_a);
}

static void look_for_ever(void *unused)
{
    (void)unused;
    while (prt_load(&y) == 0)
        prt_pause();
}

void litmus_livelock(void)
{
    run_two(look_for_ever, nothing);
}

/* A thread that looks in a loop does not keep others from running, under any strategy. */
void litmus_spin(void)
{
    run_two(wait_event, set_event);
    run_two(mp_receive, mp_send);
}

/* ---- stacks of bodies ------------------------------------------------------------------------------------------- */

/* A body that begins on one thread and goes on on the other: what it did there it knows here if the stack was published
 * with a release. */
static struct prt_stack *stack;
static struct prt_base bases[2];
static void (*publish)(void);

static bool give_away(void *unused)
{
    (void)unused;
    publish();
    return false;
}

static bool go_on(void *unused)
{
    (void)unused;
    prt_load(&x); /* others may run */
    return true;
}

static void write_leave_read(void *unused)
{
    uint32_t mine = 5;

    (void)unused;
    memcpy(&data, &mine, sizeof data);
    prt_stack_leave(stack, &bases[0], go_on, NULL);
    prt_stack_leave(stack, &bases[0], give_away, NULL);
    memcpy(&mine, &data, sizeof data);
    SCHED_CHECK(mine == 5, "the body does not know what it wrote");
}

static void enter_first(void *unused)
{
    (void)unused;
    prt_stack_begin(stack, "litmus", "stack", write_leave_read, NULL);
    SCHED_CHECK(!prt_stack_enter(stack, &bases[0]), "it has returned");
}

static void enter_next(void *unused)
{
    (void)unused;
    while (prt_load_acquire(&flag) == 0)
        prt_pause();
    SCHED_CHECK(prt_stack_enter(stack, &bases[1]), "it has left again");
}

static void publish_release(void)
{
    prt_store_release(&flag, 1);
}

static void publish_relaxed(void)
{
    prt_store_relaxed(&flag, 1);
}

static void stack_moves(void (*how)(void))
{
    publish = how;
    stack = prt_stack_new();
    run_two(enter_first, enter_next);
    prt_stack_free(stack);
    sched_stacks_left(0);
    SCHED_CHECK(!prt_stack_new(), "a stack out of no memory");
}

void litmus_stack(void)
{
    stack_moves(publish_release);
}

void litmus_stack_relaxed(void)
{
    stack_moves(publish_relaxed);
}

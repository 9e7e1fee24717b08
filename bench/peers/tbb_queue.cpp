// With oneTBB's bounded queue between threads.
//
//     tbb_queue hop|five|pool|many ITEMS…      see job.h
#include "tbb_queue.h"

#include <atomic>
#include <vector>

#include "../latency.h"

static void source(uint64_t from, uint64_t to, queue &out)
{
    for (uint64_t i = from; i < to; i++)
        out.push(i);
}

static void stage(queue &in, queue &out, uint64_t (*call)(uint64_t))
{
    receive(in, [&](uint64_t x) { out.push(call(x)); });
    out.push(END);
}

static uint64_t sink(queue &in)
{
    uint64_t sum = 0;

    receive(in, [&](uint64_t x) { sum += x; });
    return sum;
}

static void close(queue &queue, uint64_t receivers)
{
    for (uint64_t i = 0; i < receivers; i++)
        queue.push(END);
}

static void join(std::vector<std::thread> &threads)
{
    for (auto &thread : threads)
        thread.join();
    threads.clear();
}

static uint64_t hop(const struct job *job)
{
    queue a(job->cap);
    std::thread sender([&] {
        source(0, job->items, a);
        close(a, 1);
    });
    const uint64_t sum = sink(a);

    sender.join();
    return sum;
}

static uint64_t five(const struct job *job)
{
    queue a(job->cap), b(job->cap), c(job->cap), d(job->cap);
    std::vector<std::thread> threads;
    uint64_t sum;

    threads.emplace_back([&] {
        source(0, job->items, a);
        close(a, 1);
    });
    threads.emplace_back([&] { stage(a, b, triple); });
    threads.emplace_back([&] { stage(b, c, fold); });
    threads.emplace_back([&] { stage(c, d, shift); });
    sum = sink(d);
    join(threads);
    return sum;
}

static uint64_t pool(const struct job *job)
{
    queue a(job->cap), b(job->cap);
    std::vector<std::thread> workers;
    uint64_t sum = 0;

    for (uint64_t i = 0; i < job->workers; i++)
        workers.emplace_back([&] { receive(a, [&](uint64_t x) { b.push(work(x, job->steps)); }); });
    std::thread adder([&] { sum = sink(b); });
    source(0, job->items, a);
    close(a, job->workers);
    join(workers);
    close(b, 1);
    adder.join();
    return sum;
}

// Four senders and four receivers on one queue.
static uint64_t many(const struct job *job)
{
    queue a(job->cap);
    std::vector<std::thread> senders, receivers;
    std::atomic<uint64_t> sum{ 0 };

    for (uint64_t i = 0; i < 4; i++) {
        senders.emplace_back([&, i] { source(job->items * i / 4, job->items * (i + 1) / 4, a); });
        receivers.emplace_back([&] { sum += sink(a); });
    }
    join(senders);
    close(a, 4);
    join(receivers);
    return sum;
}

static uint64_t same(uint64_t x)
{
    return x;
}

// An item goes to another thread and comes back before the next one sets out.
static uint64_t trip(const struct job *job)
{
    queue forth(1), back(1);
    std::thread echo([&] { stage(forth, back, same); });
    struct latency latency = latency_new(job->items);
    int64_t sent = now();
    uint64_t item, sum = 0;

    for (uint64_t i = 0; i < job->items; i++) {
        forth.push(i);
        back.pop(item);
        sum += item;
        const int64_t at = now();
        latency_add(&latency, at - sent);
        sent = at;
    }
    forth.push(END);
    echo.join();
    latency_print(&latency);
    return sum;
}

// The first item after 1 ms of silence.
static uint64_t silence(const struct job *job)
{
    queue a(job->cap);
    std::vector<int64_t> sent(job->items);
    struct latency latency = latency_new(job->items);
    uint64_t sum = 0;
    std::thread sender([&] {
        for (uint64_t i = 0; i < job->items; i++) {
            sleep_ms(1);
            sent[i] = now();
            a.push(i);
        }
        a.push(END);
    });

    receive(a, [&](uint64_t item) {
        latency_add(&latency, now() - sent[item]);
        sum += item;
    });
    sender.join();
    latency_print(&latency);
    return sum;
}

int main(int argc, char **argv)
{
    static const struct job_row rows[] = {
        { "hop", hop }, { "five", five }, { "pool", pool }, { "many", many },
        { "trip", trip }, { "silence", silence }
    };

    return job_main(argc, argv, rows, sizeof rows / sizeof *rows);
}

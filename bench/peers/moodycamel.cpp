// With moodycamel's queues: the bounded blocking ring between one sender and one receiver, and the blocking concurrent
// queue, which is not bounded, with tokens and taking in bulk, between several.
//
//     moodycamel hop|five|pool|many ITEMS…     see job.h
#include <concurrentqueue/blockingconcurrentqueue.h>
#include <readerwriterqueue/readerwritercircularbuffer.h>

#include <thread>
#include <vector>

#include "../latency.h"

using ring = moodycamel::BlockingReaderWriterCircularBuffer<uint64_t>;
using queue = moodycamel::BlockingConcurrentQueue<uint64_t>;

static constexpr uint64_t END = UINT64_MAX; // no job sends it as an item
static constexpr size_t BULK = 64;

static void source(uint64_t items, ring &out)
{
    for (uint64_t i = 0; i < items; i++)
        out.wait_enqueue(i);
    out.wait_enqueue(END);
}

static void stage(ring &in, ring &out, uint64_t (*call)(uint64_t))
{
    uint64_t item;

    for (in.wait_dequeue(item); item != END; in.wait_dequeue(item))
        out.wait_enqueue(call(item));
    out.wait_enqueue(END);
}

static uint64_t sink(ring &in)
{
    uint64_t item, sum = 0;

    for (in.wait_dequeue(item); item != END; in.wait_dequeue(item))
        sum += item;
    return sum;
}

static uint64_t hop(const struct job *job)
{
    ring a(job->cap);
    std::thread sender([&] { source(job->items, a); });
    const uint64_t sum = sink(a);

    sender.join();
    return sum;
}

static uint64_t five(const struct job *job)
{
    ring a(job->cap), b(job->cap), c(job->cap), d(job->cap);
    std::thread threads[] = {
        std::thread([&] { source(job->items, a); }),
        std::thread([&] { stage(a, b, triple); }),
        std::thread([&] { stage(b, c, fold); }),
        std::thread([&] { stage(c, d, shift); }),
    };
    const uint64_t sum = sink(d);

    for (auto &thread : threads)
        thread.join();
    return sum;
}

// What several receive. Items of several senders come in any order, so an end cannot be an item behind the last one:
// who takes the last item tells the others.
class shared_queue
{
public:
    shared_queue(uint64_t will_come, uint64_t with) : left(will_come), receivers(with) {}

    void send(uint64_t from, uint64_t to)
    {
        moodycamel::ProducerToken token(items);

        for (uint64_t i = from; i < to; i++)
            items.enqueue(token, i);
    }

    template <typename What> void receive(What what)
    {
        moodycamel::ConsumerToken token(items);
        uint64_t got[BULK];

        for (;;) {
            const size_t len = items.wait_dequeue_bulk(token, got, BULK);

            if (got[0] == END) {
                for (size_t i = 1; i < len; i++)
                    items.enqueue(END);
                return;
            }
            for (size_t i = 0; i < len; i++)
                what(got[i]);
            if (left.fetch_sub(len) == len)
                for (uint64_t i = 0; i < receivers; i++)
                    items.enqueue(END);
        }
    }

    queue items;

private:
    std::atomic<uint64_t> left;
    const uint64_t receivers;
};

static uint64_t pool(const struct job *job)
{
    shared_queue a(job->items, job->workers), b(job->items, 1);
    std::vector<std::thread> threads;
    uint64_t sum = 0;

    threads.emplace_back([&] { a.send(0, job->items); });
    for (uint64_t i = 0; i < job->workers; i++)
        threads.emplace_back([&] {
            moodycamel::ProducerToken token(b.items);

            a.receive([&](uint64_t x) { b.items.enqueue(token, work(x, job->steps)); });
        });
    b.receive([&](uint64_t x) { sum += x; });
    for (auto &thread : threads)
        thread.join();
    return sum;
}

// Four senders and four receivers on one queue.
static uint64_t many(const struct job *job)
{
    shared_queue a(job->items, 4);
    std::vector<std::thread> threads;
    std::atomic<uint64_t> sum{ 0 };

    for (uint64_t i = 0; i < 4; i++) {
        threads.emplace_back([&, i] { a.send(job->items * i / 4, job->items * (i + 1) / 4); });
        threads.emplace_back([&] {
            uint64_t mine = 0;

            a.receive([&](uint64_t x) { mine += x; });
            sum += mine;
        });
    }
    for (auto &thread : threads)
        thread.join();
    return sum;
}

static uint64_t same(uint64_t x)
{
    return x;
}

// An item goes to another thread and comes back before the next one sets out.
static uint64_t trip(const struct job *job)
{
    ring forth(1), back(1);
    std::thread echo([&] { stage(forth, back, same); });
    struct latency latency = latency_new(job->items);
    int64_t sent = now();
    uint64_t item, sum = 0;

    for (uint64_t i = 0; i < job->items; i++) {
        forth.wait_enqueue(i);
        back.wait_dequeue(item);
        sum += item;
        const int64_t at = now();
        latency_add(&latency, at - sent);
        sent = at;
    }
    forth.wait_enqueue(END);
    echo.join();
    latency_print(&latency);
    return sum;
}

// The first item after 1 ms of silence.
static uint64_t silence(const struct job *job)
{
    ring a(job->cap);
    std::vector<int64_t> sent(job->items);
    struct latency latency = latency_new(job->items);
    uint64_t item, sum = 0;
    std::thread sender([&] {
        for (uint64_t i = 0; i < job->items; i++) {
            sleep_ms(1);
            sent[i] = now();
            a.wait_enqueue(i);
        }
        a.wait_enqueue(END);
    });

    for (a.wait_dequeue(item); item != END; a.wait_dequeue(item)) {
        latency_add(&latency, now() - sent[item]);
        sum += item;
    }
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

// oneTBB's bounded queue. Who would have to wait lets others run a while before it blocks, which is up to ten times
// faster than blocking at once where threads outnumber processors.
#ifndef TBB_QUEUE_H
#define TBB_QUEUE_H

#include <oneapi/tbb/concurrent_queue.h>

#include <cstdint>
#include <thread>

static constexpr uint64_t END = UINT64_MAX; // no job sends it as an item

class queue
{
public:
    explicit queue(uint64_t cap)
    {
        items.set_capacity(static_cast<std::ptrdiff_t>(cap));
    }

    void push(uint64_t item)
    {
        for (int i = 0; i < YIELDS; i++) {
            if (items.try_push(item))
                return;
            std::this_thread::yield();
        }
        items.push(item);
    }

    void pop(uint64_t &item)
    {
        for (int i = 0; i < YIELDS; i++) {
            if (items.try_pop(item))
                return;
            std::this_thread::yield();
        }
        items.pop(item);
    }

private:
    static constexpr int YIELDS = 100;

    tbb::concurrent_bounded_queue<uint64_t> items;
};

template <typename What> static void receive(queue &in, What what)
{
    uint64_t item;

    for (in.pop(item); item != END; in.pop(item))
        what(item);
}

#endif

// With oneTBB's parallel_pipeline: single items, or blocks of 64 that the author passes by hand. A stage is a filter;
// how many items are under way is the number of tokens. A pool is a parallel filter, run by as many threads as there
// are processors.
//
//     tbb_pipeline single|batch hop|five|pool|ordered ITEMS…       see job.h
#include <oneapi/tbb/info.h>
#include <oneapi/tbb/parallel_pipeline.h>

#include <algorithm>

#include "../job.h"

using tbb::filter_mode;
using tbb::make_filter;

struct block {
    static constexpr size_t MAX = 64;
    uint64_t items[MAX];
    size_t len;
};

// The two ways to write a job: what passes is an item, or a block of them.
struct single {
    using passed = uint64_t;

    static bool next(uint64_t *at, uint64_t items, passed &x)
    {
        x = *at;
        return (*at)++ < items;
    }

    template <typename What> static void each(passed &x, What what)
    {
        what(x);
    }
};

struct batch {
    using passed = struct block;

    static bool next(uint64_t *at, uint64_t items, passed &block)
    {
        block.len = std::min<uint64_t>(block::MAX, items - *at);
        for (size_t i = 0; i < block.len; i++)
            block.items[i] = (*at)++;
        return block.len > 0;
    }

    template <typename What> static void each(passed &block, What what)
    {
        for (size_t i = 0; i < block.len; i++)
            what(block.items[i]);
    }
};

// The filters between a source of 0 to items - 1 and an adder.
template <typename Way> class jobs
{
public:
    using passed = typename Way::passed;

    static uint64_t hop(const struct job *job)
    {
        uint64_t at = 0, sum = 0;

        tbb::parallel_pipeline(tokens(), source(job, &at) & sink(&sum));
        return sum;
    }

    static uint64_t five(const struct job *job)
    {
        uint64_t at = 0, sum = 0;

        tbb::parallel_pipeline(tokens(),
                               source(job, &at) & stage(filter_mode::serial_in_order, triple) &
                                   stage(filter_mode::serial_in_order, fold) &
                                   stage(filter_mode::serial_in_order, shift) & sink(&sum));
        return sum;
    }

    static uint64_t pool(const struct job *job)
    {
        uint64_t at = 0, sum = 0;

        tbb::parallel_pipeline(tokens(), source(job, &at) & pooled(job) & sink(&sum));
        return sum;
    }

    static uint64_t ordered(const struct job *job)
    {
        uint64_t at = 0, sum = 0;
        const auto last = make_filter<passed, void>(filter_mode::serial_in_order, [&](passed x) {
            Way::each(x, [&](uint64_t y) { sum = add_next(sum, y); });
        });

        tbb::parallel_pipeline(tokens(), source(job, &at) & pooled(job) & last);
        return sum;
    }

private:
    // More would fall out of the cache, fewer leave a processor without.
    static size_t tokens()
    {
        return 4 * static_cast<size_t>(tbb::info::default_concurrency());
    }

    static tbb::filter<void, passed> source(const struct job *job, uint64_t *at)
    {
        return make_filter<void, passed>(filter_mode::serial_in_order, [=](tbb::flow_control &control) {
            passed x{};

            if (!Way::next(at, job->items, x))
                control.stop();
            return x;
        });
    }

    template <typename Call> static tbb::filter<passed, passed> stage(filter_mode mode, Call call)
    {
        return make_filter<passed, passed>(mode, [=](passed x) {
            Way::each(x, [&](uint64_t &y) { y = call(y); });
            return x;
        });
    }

    static tbb::filter<passed, passed> pooled(const struct job *job)
    {
        return stage(filter_mode::parallel, [steps = job->steps](uint64_t x) { return work(x, steps); });
    }

    static tbb::filter<passed, void> sink(uint64_t *sum)
    {
        return make_filter<passed, void>(filter_mode::serial_out_of_order, [=](passed x) {
            Way::each(x, [=](uint64_t y) { *sum += y; });
        });
    }
};

template <typename Way> static int run(int argc, char **argv)
{
    static const struct job_row rows[] = {
        { "hop", jobs<Way>::hop },
        { "five", jobs<Way>::five },
        { "pool", jobs<Way>::pool },
        { "ordered", jobs<Way>::ordered },
    };

    return job_main(argc - 1, argv + 1, rows, sizeof rows / sizeof *rows);
}

int main(int argc, char **argv)
{
    if (argc > 2 && strcmp(argv[1], "single") == 0)
        return run<single>(argc, argv);
    if (argc > 2 && strcmp(argv[1], "batch") == 0)
        return run<batch>(argc, argv);
    job_fail("usage", "tbb_pipeline single|batch JOB");
}

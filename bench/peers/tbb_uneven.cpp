// With oneTBB: uneven bodies as filters of parallel_pipeline, and uneven bodies and expanders as threads
// with its bounded queue between each two stages.
//
//     tbb_uneven pipeline|queue JOB [items=N] [cap=N] [workers=N] …      see job.h and uneven.h
#include "tbb_queue.h"

#include <oneapi/tbb/global_control.h>
#include <oneapi/tbb/parallel_pipeline.h>
#include <oneapi/tbb/task_arena.h>
#include <unistd.h>

#include <atomic>
#include <functional>
#include <memory>
#include <vector>

#include "../uneven.h"

using source = std::function<bool(uint64_t &)>;

static source numbers(const struct job *job)
{
    return [i = uint64_t(0), items = job->items](uint64_t &x) mutable {
        x = i;
        return i++ < items;
    };
}

// The numbers that come on the standard input.
static source read_numbers(const struct job *)
{
    return [block = std::vector<uint64_t>(512), len = size_t(0), at = size_t(0)](uint64_t &x) mutable {
        if (at == len) {
            const ssize_t bytes = read(STDIN_FILENO, block.data(), block.size() * sizeof(uint64_t));

            if (bytes <= 0)
                return false;
            len = static_cast<size_t>(bytes) / sizeof(uint64_t);
            at = 0;
        }
        x = block[at++];
        return true;
    };
}

// The stages behind a source, as filters. A filter has as many workers as the arena has threads, and by itself that is
// as many as processors, however many of them sleep: so this arena has a thread for each worker. As many items are
// under way as the channels in front of the slow stages and the workers there hold.
class filters
{
public:
    static uint64_t uneven(const struct job *job)
    {
        return run(job, 1, numbers(job), false);
    }

    static uint64_t uneven_read(const struct job *job)
    {
        return run(job, 1, read_numbers(job), false);
    }

    static uint64_t uneven_two(const struct job *job)
    {
        return run(job, 2, numbers(job), false);
    }

    static uint64_t uneven_ordered(const struct job *job)
    {
        return run(job, 1, numbers(job), true);
    }

private:
    static tbb::filter<uint64_t, uint64_t> pooled(const struct job *job, uint64_t stages)
    {
        const auto first = tbb::make_filter<uint64_t, uint64_t>(tbb::filter_mode::parallel,
                                                                [=](uint64_t x) { return uneven_body(job, 0, x); });

        if (stages == 1)
            return first;
        return first & tbb::make_filter<uint64_t, uint64_t>(tbb::filter_mode::parallel,
                                                            [=](uint64_t x) { return uneven_body(job, 1, x); });
    }

    static uint64_t run(const struct job *job, uint64_t stages, source source, bool ordered)
    {
        const size_t workers = stages * job->workers;
        const tbb::global_control threads(tbb::global_control::max_allowed_parallelism, workers + 1);
        tbb::task_arena arena(static_cast<int>(workers + 1));
        uint64_t sum = 0;
        const auto first =
            tbb::make_filter<void, uint64_t>(tbb::filter_mode::serial_in_order, [&](tbb::flow_control &control) {
                uint64_t x;

                if (!source(x))
                    control.stop();
                return x;
            });
        const auto last = tbb::make_filter<uint64_t, void>(
            ordered ? tbb::filter_mode::serial_in_order : tbb::filter_mode::serial_out_of_order,
            [&](uint64_t x) { sum = ordered ? add_next(sum, x) : sum + x; });

        arena.execute(
            [&] { tbb::parallel_pipeline(stages * job->cap + workers, first & pooled(job, stages) & last); });
        return sum;
    }
};

// The stages behind a source, as threads.
class threads
{
public:
    static uint64_t uneven(const struct job *job)
    {
        return run(numbers(job), { passing(job, 0) }, adding(job));
    }

    static uint64_t uneven_read(const struct job *job)
    {
        return run(read_numbers(job), { passing(job, 0) }, adding(job));
    }

    static uint64_t uneven_end(const struct job *job)
    {
        return run(numbers(job), {}, adding_body(job, 0));
    }

    static uint64_t uneven_two(const struct job *job)
    {
        return run(numbers(job), { passing(job, 0) }, adding_body(job, 1));
    }

    static uint64_t expand_two(const struct job *job)
    {
        return run(numbers(job), { expanding(job, 0), expanding(job, 1) }, adding(job));
    }

    static uint64_t expand_three(const struct job *job)
    {
        return run(numbers(job), { expanding(job, 0), expanding(job, 1), expanding(job, 2) }, adding(job));
    }

private:
    struct stage {
        uint64_t workers, cap; // how many items its input holds
        std::function<void(uint64_t, queue *)> body;
    };

    struct sink {
        uint64_t workers, cap;
        std::function<uint64_t(uint64_t)> body;
    };

    static stage passing(const struct job *job, uint64_t stage)
    {
        return { job->workers, job->cap, [=](uint64_t x, queue *out) { out->push(uneven_body(job, stage, x)); } };
    }

    static stage expanding(const struct job *job, uint64_t stage)
    {
        return { expand_workers(stage), job->cap, [=](uint64_t x, queue *out) {
                    for (uint64_t i = 0; i < expand_len(x, stage); i++)
                        out->push(expand_item(x, i));
                } };
    }

    static sink adding(const struct job *job)
    {
        return { 1, job->cap, [](uint64_t x) { return x; } };
    }

    static sink adding_body(const struct job *job, uint64_t stage)
    {
        return { job->workers, job->cap, [=](uint64_t x) { return uneven_body(job, stage, x); } };
    }

    static std::vector<std::thread> start(uint64_t workers, const std::function<void()> &body)
    {
        std::vector<std::thread> started;

        for (uint64_t i = 0; i < workers; i++)
            started.emplace_back(body);
        return started;
    }

    // Tells the workers of a stage that nothing more will come, and waits for them.
    static void finish(queue &in, std::vector<std::thread> &workers)
    {
        for (size_t i = 0; i < workers.size(); i++)
            in.push(END);
        for (auto &worker : workers)
            worker.join();
    }

    static uint64_t run(source source, const std::vector<stage> &stages, const sink &sink)
    {
        std::vector<std::unique_ptr<queue>> queues;
        std::vector<std::vector<std::thread>> pools;
        std::atomic<uint64_t> sum{ 0 };
        uint64_t item;

        for (const auto &stage : stages)
            queues.push_back(std::make_unique<queue>(stage.cap));
        queues.push_back(std::make_unique<queue>(sink.cap));
        for (size_t i = 0; i < stages.size(); i++)
            pools.push_back(start(stages[i].workers, [&stages, &queues, i] {
                receive(*queues[i], [&](uint64_t x) { stages[i].body(x, queues[i + 1].get()); });
            }));
        pools.push_back(start(sink.workers, [&] {
            uint64_t part = 0;

            receive(*queues.back(), [&](uint64_t x) { part += sink.body(x); });
            sum += part;
        }));
        while (source(item))
            queues[0]->push(item);
        for (size_t i = 0; i < pools.size(); i++)
            finish(*queues[i], pools[i]);
        return sum;
    }
};

int main(int argc, char **argv)
{
    static const struct job_row as_filters[] = {
        { "uneven", filters::uneven },         { "uneven-end", filters::uneven },
        { "uneven-two", filters::uneven_two }, { "uneven-read", filters::uneven_read },
        { "uneven-ordered", filters::uneven_ordered },
    };
    static const struct job_row as_threads[] = {
        { "uneven", threads::uneven },         { "uneven-end", threads::uneven_end },
        { "uneven-two", threads::uneven_two }, { "uneven-read", threads::uneven_read },
        { "expand-two", threads::expand_two }, { "expand-three", threads::expand_three },
    };

    if (argc > 2 && strcmp(argv[1], "pipeline") == 0)
        return job_main(argc - 1, argv + 1, as_filters, sizeof as_filters / sizeof *as_filters);
    if (argc > 2 && strcmp(argv[1], "queue") == 0)
        return job_main(argc - 1, argv + 1, as_threads, sizeof as_threads / sizeof *as_threads);
    job_fail("usage", "tbb_uneven pipeline|queue JOB");
}

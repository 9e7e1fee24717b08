// With oneTBB's flow graph: an input node, a limiter that lets cap items in, function nodes. Bodies this short are
// lightweight: the sender runs them.
//
//     tbb_flow hop|five|pool ITEMS…        see job.h
#include <oneapi/tbb/flow_graph.h>

#include "../job.h"

using namespace tbb::flow;

using stage = function_node<uint64_t, uint64_t, queueing_lightweight>;

// What all jobs have at both ends.
class ends
{
public:
    explicit ends(const struct job *job)
        : source(graph,
                 [this, job](tbb::flow_control &control) {
                     if (at == job->items)
                         control.stop();
                     return at++;
                 }),
          limiter(graph, job->cap), sink(graph, serial, [this](uint64_t x) {
              sum += x;
              return continue_msg();
          })
    {
        make_edge(source, limiter);
        make_edge(sink, limiter.decrementer());
    }

    uint64_t run()
    {
        source.activate();
        graph.wait_for_all();
        return sum;
    }

    struct graph graph;
    input_node<uint64_t> source;
    limiter_node<uint64_t> limiter;
    function_node<uint64_t, continue_msg, queueing_lightweight> sink;

private:
    uint64_t at = 0, sum = 0;
};

static uint64_t hop(const struct job *job)
{
    ends ends(job);

    make_edge(ends.limiter, ends.sink);
    return ends.run();
}

static uint64_t five(const struct job *job)
{
    ends ends(job);
    stage b(ends.graph, serial, triple), c(ends.graph, serial, fold), d(ends.graph, serial, shift);

    make_edge(ends.limiter, b);
    make_edge(b, c);
    make_edge(c, d);
    make_edge(d, ends.sink);
    return ends.run();
}

// Whether it is lightweight depends on how much a worker does.
template <typename Policy> static uint64_t pool_of(const struct job *job)
{
    ends ends(job);
    function_node<uint64_t, uint64_t, Policy> workers(ends.graph, job->workers,
                                                      [job](uint64_t x) { return work(x, job->steps); });

    make_edge(ends.limiter, workers);
    make_edge(workers, ends.sink);
    return ends.run();
}

static uint64_t pool(const struct job *job)
{
    return job->steps ? pool_of<queueing>(job) : pool_of<queueing_lightweight>(job);
}

int main(int argc, char **argv)
{
    static const struct job_row rows[] = { { "hop", hop }, { "five", five }, { "pool", pool } };

    return job_main(argc, argv, rows, sizeof rows / sizeof *rows);
}

// A body in C++ that throws and catches on a stack of its own, again after it has moved to another thread's base, and
// whose destructors run. The runtime's header is C; its functions are declared here.
#include <cstdio>
#include <stdexcept>

extern "C" {
struct prt_stack;
struct prt_base;
prt_stack *prt_stack_new(void);
void prt_stack_free(prt_stack *);
void prt_stack_begin(prt_stack *, const char *, const char *, void (*)(void *), void *);
bool prt_stack_enter(prt_stack *, prt_base *);
void prt_stack_leave(prt_stack *, prt_base *, bool (*)(void *), void *);
}

static prt_stack *stack;
alignas(16) static char base_bytes[2][256];
static prt_base *base;
static int caught, destroyed;

struct counted {
    ~counted() { destroyed++; }
};

static bool gives_away(void *) { return false; }

__attribute__((noinline)) static void throws(int i)
{
    counted object;
    if (i >= 0)
        throw std::runtime_error("thrown");
}

static void body(void *)
{
    for (int i = 0; i < 10; i++) {
        counted object;
        try {
            throws(i);
        } catch (const std::exception &) {
            caught++;
        }
        prt_stack_leave(stack, base, gives_away, nullptr);
    }
}

int main()
{
    int left = 0;
    stack = prt_stack_new();
    prt_stack_begin(stack, "catches", "body", body, nullptr);
    do
        base = reinterpret_cast<prt_base *>(base_bytes[left % 2]);
    while (!prt_stack_enter(stack, base) && ++left);
    prt_stack_free(stack);
    std::printf("%d caught, %d destroyed, %d left\n", caught, destroyed, left);
    return caught == 10 && destroyed == 20 && left == 10 ? 0 : 1;
}

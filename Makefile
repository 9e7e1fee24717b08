# make              build/pipec, build/libprt.a, build/libprt-test.a, build/include and build/library
# make demo         builds, and runs examples/wordfreq.pipe and par.pipe on real text
# make test         every test; ends in a line "N passed, N failed"
# make install      into PREFIX (default /usr/local), below DESTDIR if that is set
#
# make verify         all that shows the runtime to be right: models, schedules, mutants, faults, torture; verify-long
# make golden         rewrites the golden files; read the difference before you commit it
# make sanitize       every test again under ASan+UBSan, then under TSan; also sanitize-address, sanitize-thread
# make check-warnings everything with gcc and with clang, warnings are errors
# make bench          the same work by pipec and by its peers, a quarter of an hour; ONLY="hop pool": only these runs
# make bench-report   what it has measured, into docs/performance.md and the README
# make bench-quick    the figures that take a minute, without installing anything
# make clean
#
# V=1 shows the commands. BUILD=DIR builds into another directory.

VERSION := $(shell sed -n 's/^.define PRT_VERSION "\(.*\)"/\1/p' runtime/include/prt/option.h)
CC       = cc
CFLAGS   = -O2 -g
LDFLAGS  =
PREFIX   = /usr/local
DESTDIR  =
BUILD    = build
FLEX     = flex
BISON    = bison

WARNINGS = -Wall -Wextra -Wpedantic -Wshadow
COMPILE  = $(CC) -std=c11 -D_GNU_SOURCE $(WARNINGS) $(CFLAGS) -MMD -MP

ifndef V
.SILENT:
endif
.DELETE_ON_ERROR:
.SECONDARY:

all: $(BUILD)/pipec $(BUILD)/libprt.a $(BUILD)/libprt-test.a $(BUILD)/include $(BUILD)/library

# ---- pipec, the compiler -------------------------------------------------------------------------------------------

GENERATED         = $(BUILD)/grammar/parse.c $(BUILD)/grammar/scan.c
COMPILER_SOURCES  = $(wildcard compiler/*/*.c)
COMPILER_OBJECTS  = $(COMPILER_SOURCES:%.c=$(BUILD)/%.o) $(GENERATED:.c=.o)
TEXTS             = $(BUILD)/runtime_text.h $(BUILD)/explain_text.h
COMPILER_INCLUDES = -Icompiler -Igrammar -I$(BUILD)/grammar -I$(BUILD) -Iruntime/include
# A library of its own where libc is not glibc. The compiler is asked: a machine may have several libcs.
OBSTACK           = $(if $(findstring __GLIBC__,$(shell $(CC) $(CFLAGS) -include features.h -dM -E -x c /dev/null)),,-lobstack)
# Reads what a run has counted, for `pipec graph --stats`. Without it all but that works (picture/counts.c).
JANSSON           = $(if $(shell $(CC) $(CFLAGS) -include jansson.h -E -x c /dev/null >/dev/null 2>&1 && echo yes),-ljansson)
COMPILER_DEFINES  = -DPIPEC_VERSION='"$(VERSION)"'

$(BUILD)/pipec: $(COMPILER_OBJECTS)
	echo "  link $@"
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(OBSTACK) $(JANSSON)

$(BUILD)/compiler/%.o: compiler/%.c | $(BUILD)/grammar/parse.tab.h $(TEXTS)
	echo "  cc   $<"
	mkdir -p $(@D)
	$(COMPILE) $(COMPILER_INCLUDES) $(COMPILER_DEFINES) -c -o $@ $<

# What flex and bison write has unused variables and shadows that are theirs, not ours.
$(BUILD)/grammar/%.o: $(BUILD)/grammar/%.c | $(BUILD)/grammar/parse.tab.h
	echo "  cc   $<"
	$(COMPILE) -Wno-pedantic -Wno-shadow -Wno-sign-compare -Wno-unused $(COMPILER_INCLUDES) -c -o $@ $<

$(BUILD)/grammar/scan.c: grammar/scan.l
	$(call need,$(FLEX))
	echo "  flex $<"
	mkdir -p $(@D)
	$(FLEX) -o $@ $<

$(BUILD)/grammar/parse.c $(BUILD)/grammar/parse.tab.h &: grammar/parse.y
	$(call need,$(BISON))
	echo "  bison $<"
	mkdir -p $(@D)
	$(BISON) -Werror --defines=$(BUILD)/grammar/parse.tab.h -o $(BUILD)/grammar/parse.c $<

need = command -v $(1) >/dev/null || { echo "$(1) is missing; tools/setup.sh installs what the build needs" >&2; exit 1; }

# The runtime's source as C text inside pipec, for --standalone.
$(BUILD)/runtime_text.h: tools/amalgamate.sh $(wildcard runtime/*.h runtime/*/*.[ch] runtime/include/prt/*.h)
	echo "  text $@"
	mkdir -p $(@D)
	tools/amalgamate.sh $@

# The golden cases of the messages inside pipec, for `pipec explain`.
$(BUILD)/explain_text.h: tools/explain.sh $(wildcard tests/diag/*)
	echo "  text $@"
	mkdir -p $(@D)
	tools/explain.sh $@

# ---- libprt.a, the runtime -----------------------------------------------------------------------------------------

# platform/virtual.c takes the place of platform/linux.c in the library whose clock the runtime's own tests can move. Programs
# that are tests are linked with libprt-test.a first, which has that file and what they call, and then with libprt.a.
RUNTIME_OBJECTS  = $(patsubst runtime/%.c,$(BUILD)/runtime/%.o,$(wildcard runtime/*/*.c))
RUNTIME_INCLUDES = -Iruntime/include -Iruntime

TEST_OBJECTS     = $(filter $(BUILD)/runtime/test/% %/platform/virtual.o,$(RUNTIME_OBJECTS))

$(BUILD)/libprt.a: $(filter-out $(TEST_OBJECTS),$(RUNTIME_OBJECTS))
$(BUILD)/libprt-test.a: $(TEST_OBJECTS)
$(BUILD)/libprt-virtual.a: $(filter-out %/platform/linux.o,$(RUNTIME_OBJECTS))

$(BUILD)/libprt.a $(BUILD)/libprt-test.a $(BUILD)/libprt-virtual.a:
	echo "  ar   $@"
	rm -f $@
	ar rcs $@ $^

$(BUILD)/runtime/%.o: runtime/%.c
	echo "  cc   $<"
	mkdir -p $(@D)
	$(COMPILE) $(RUNTIME_INCLUDES) -pthread -c -o $@ $<

# pipec in the build directory finds the headers here, as an installed one finds them in PREFIX/include, and the library
# of parts, which an installed one finds in PREFIX/share/pipec.
$(BUILD)/include:
	mkdir -p $(@D)
	ln -sfn $(CURDIR)/runtime/include $@

$(BUILD)/library:
	mkdir -p $(@D)
	ln -sfn $(CURDIR)/library $@

# The runtime's sources on the test scheduler instead of a platform (tests/sched). Its threads are coroutines, which
# sanitizers do not understand; and each access is a statement with a name of its own, one inside another.
SCHED_CFLAGS    = $(filter-out -fsanitize% -fno-sanitize%,$(CFLAGS))
SCHED_COMPILE   = $(subst $(CFLAGS),$(SCHED_CFLAGS),$(COMPILE)) -Wno-shadow $(RUNTIME_INCLUDES) -Itests/sched
SCHED_SOURCES   = $(filter-out runtime/platform/%,$(wildcard runtime/*/*.c)) runtime/platform/cgroup.c runtime/platform/memory.c
SCHED_RUNTIME   = $(SCHED_SOURCES:runtime/%.c=$(BUILD)/sched/runtime/%.o)
SCHED_STACKS    = $(patsubst runtime/%.c,$(BUILD)/sched/stacks/%.o,$(wildcard runtime/platform/stack*.c))
SCHED_OBJECTS   = $(patsubst tests/sched/%.c,$(BUILD)/sched/tests/%.o,$(wildcard tests/sched/*.c))

$(BUILD)/libprt-sched.a: $(SCHED_RUNTIME) $(SCHED_STACKS)
	echo "  ar   $@"
	rm -f $@
	ar rcs $@ $^

$(BUILD)/sched/runtime/%.o: runtime/%.c tests/sched/platform_sched.h
	echo "  cc   $< (scheduled)"
	mkdir -p $(@D)
	$(SCHED_COMPILE) -include tests/sched/platform_sched.h -c -o $@ $<

# The stacks of bodies are the real ones: a coroutine enters them like a thread.
$(BUILD)/sched/stacks/%.o: runtime/%.c
	echo "  cc   $<"
	mkdir -p $(@D)
	$(SCHED_COMPILE) -c -o $@ $<

$(BUILD)/sched/tests/%.o: tests/sched/%.c
	echo "  cc   $<"
	mkdir -p $(@D)
	$(SCHED_COMPILE) -c -o $@ $<

$(BUILD)/tests/sched/sched: $(SCHED_OBJECTS) $(BUILD)/libprt-sched.a
	mkdir -p $(@D)
	$(CC) $(SCHED_CFLAGS) -o $@ $^

# ---- tests ---------------------------------------------------------------------------------------------------------

# tests/unit/test_prt_*.c test the runtime, test_virtual_*.c the runtime with a clock of their own, the others the
# compiler. tests/torture/*.c are programs on the runtime's C interface that tests/torture/*.sh runs. tests/site is a web
# site, and a program that asks it by the examples' client.
UNIT     = $(patsubst tests/unit/%.c,$(BUILD)/tests/unit/%,$(wildcard tests/unit/test_*.c))
TORTURE  = $(patsubst tests/torture/%.c,$(BUILD)/tests/torture/%,$(wildcard tests/torture/*.c))
SITE     = $(BUILD)/tests/site/site $(BUILD)/tests/site/get
CHECK    = $(shell pkg-config --cflags --libs check)
TEST_ENV = BUILD='$(BUILD)' PIPEC='$(abspath $(BUILD))/pipec' CC='$(CC)' CFLAGS='$(CFLAGS)' LDFLAGS='$(LDFLAGS)'

test: $(BUILD)/setup-test
	$(MAKE) --no-print-directory test-programs
	$(TEST_ENV) tests/run-all.sh

test-programs: all $(UNIT) $(TORTURE) $(BUILD)/tests/fuzz/replay $(BUILD)/tests/fuzz/near $(BUILD)/tests/sched/sched $(BUILD)/tests/random/pipes \
    $(BUILD)/tests/steps/pipec $(SITE)

torture-programs: $(TORTURE)

# PARTS="model sched" runs only those; see the script.
verify: $(BUILD)/setup-test
	$(MAKE) --no-print-directory test-programs
	$(TEST_ENV) tools/verify.sh $(PARTS)

verify-long: $(BUILD)/setup-test
	tools/setup.sh verify || echo "verify-long goes on without compilers for elsewhere"
	$(MAKE) --no-print-directory test-programs
	$(TEST_ENV) tools/verify.sh --long $(PARTS)

$(BUILD)/tests/unit/test_prt_%: tests/unit/test_prt_%.c $(BUILD)/libprt.a
	$(link-test) $(RUNTIME_INCLUDES) -o $@ $< $(BUILD)/libprt.a -pthread $(CHECK)

$(BUILD)/tests/unit/test_virtual_%: tests/unit/test_virtual_%.c $(BUILD)/tests/unit/virtual_machine.o $(BUILD)/libprt-virtual.a
	$(link-test) $(RUNTIME_INCLUDES) -Wl,--wrap=prt_cpus,--wrap=prt_thread_start -o $@ $(filter %.c %.o %.a,$^) -pthread $(CHECK)

$(BUILD)/tests/unit/virtual_machine.o: tests/unit/virtual_machine.c
	$(link-test) $(RUNTIME_INCLUDES) -c -o $@ $<

# An archive, so that a test links only what it needs: main's part of the commands is not there.
# Members in several rooms have one name, so that they are added, not replaced.
$(BUILD)/compiler.a: $(filter-out %/main.o,$(COMPILER_OBJECTS))
	rm -f $@
	ar qcs $@ $^

$(BUILD)/tests/unit/test_%: tests/unit/test_%.c $(BUILD)/compiler.a
	$(link-test) $(COMPILER_INCLUDES) $(COMPILER_DEFINES) -o $@ $< $(BUILD)/compiler.a $(OBSTACK) $(CHECK)

$(BUILD)/tests/fuzz/replay: tests/fuzz/replay.c tests/fuzz/target.c $(BUILD)/compiler.a
	$(link-test) $(COMPILER_INCLUDES) $(COMPILER_DEFINES) -o $@ $(filter %.c %.a,$^) $(OBSTACK)

# What it draws must not depend on a sanitizer.
$(BUILD)/tests/fuzz/near: tests/fuzz/near.c
	$(link-test) -o $@ $<

# A pipec that counts its steps.
STEPS_COMPILE = gcc -std=c11 -D_GNU_SOURCE -O0 -w

$(BUILD)/tests/steps/pipec: tests/steps/steps.c $(GENERATED) $(TEXTS) $(COMPILER_SOURCES) $(wildcard compiler/*/*.h grammar/*.h)
	echo "  cc   $@"
	mkdir -p $(@D)
	$(STEPS_COMPILE) -c -o $(@D)/steps.o $<
	$(STEPS_COMPILE) -fsanitize-coverage=trace-pc $(COMPILER_INCLUDES) $(COMPILER_DEFINES) -o $@ $(filter compiler/%.c,$^) \
	    $(GENERATED) $(@D)/steps.o $(OBSTACK) $(JANSSON)

# It has no sanitizer itself: what it draws and judges must not depend on one.
$(BUILD)/tests/random/pipes: $(wildcard tests/random/*.c tests/random/*.h)
	$(link-test) -MMD -o $@ $(filter %.c,$^)

$(BUILD)/tests/site/site: tests/site/site.c tests/site/answer.c tests/site/answer.h
	$(link-test) -o $@ $(filter %.c,$^)

$(BUILD)/tests/site/get: tests/site/get.c examples/http.h examples/url.h
	$(link-test) -iquote examples -o $@ $<

$(BUILD)/tests/torture/%: tests/torture/%.c $(BUILD)/libprt.a
	$(link-test) $(RUNTIME_INCLUDES) -o $@ $< $(BUILD)/libprt.a -pthread

define link-test
echo "  cc   $<"
mkdir -p $(@D)
$(COMPILE) -MF $@.d $(LDFLAGS)
endef

# The script installs what is missing; without anything missing it does nothing.
$(BUILD)/setup-%: tools/setup.sh
	mkdir -p $(@D)
	tools/setup.sh $*
	touch $@

golden: all
	$(TEST_ENV) tests/golden.sh --update
	$(TEST_ENV) tests/graph.sh --update

sanitize: sanitize-address sanitize-thread

WATCHED = -O1 -g -fno-omit-frame-pointer

sanitize-address: $(BUILD)/setup-test
	$(MAKE) test BUILD=$(BUILD)/asan CFLAGS="$(WATCHED) -fsanitize=address,undefined -fno-sanitize-recover=undefined"

sanitize-thread: $(BUILD)/setup-test
	$(MAKE) test BUILD=$(BUILD)/tsan CFLAGS="$(WATCHED) -fsanitize=thread"

check-warnings: $(BUILD)/setup-test
	$(MAKE) test-programs BUILD=$(BUILD)/warnings-gcc CC=gcc CFLAGS="-O2 -Werror"
	$(MAKE) test-programs BUILD=$(BUILD)/warnings-clang CC=clang CFLAGS="-O2 -Werror"

# ---- the rest ------------------------------------------------------------------------------------------------------

demo: $(BUILD)/setup-build
	$(MAKE) --no-print-directory all
	tools/demo.sh $(BUILD)/pipec

bench: $(BUILD)/setup-bench
	$(MAKE) --no-print-directory all
	$(TEST_ENV) bench/bench.sh $(ONLY)

bench-report:
	BUILD='$(BUILD)' bench/report.sh --docs

bench-quick: all
	$(TEST_ENV) bench/bench.sh --quick $(ONLY)

install: all
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/lib/pkgconfig $(DESTDIR)$(PREFIX)/include/prt \
	    $(DESTDIR)$(PREFIX)/share/man/man1 $(DESTDIR)$(PREFIX)/share/pipec
	install -m 755 $(BUILD)/pipec $(DESTDIR)$(PREFIX)/bin/pipec
	install -m 644 $(BUILD)/libprt.a $(BUILD)/libprt-test.a $(DESTDIR)$(PREFIX)/lib
	install -m 644 runtime/include/prt/*.h $(DESTDIR)$(PREFIX)/include/prt
	install -m 644 library/*.pipe $(DESTDIR)$(PREFIX)/share/pipec
	install -m 644 man/*.1 $(DESTDIR)$(PREFIX)/share/man/man1
	sed -e 's|@PREFIX@|$(PREFIX)|' -e 's|@VERSION@|$(VERSION)|' packaging/pipec.pc.in \
	    >$(DESTDIR)$(PREFIX)/lib/pkgconfig/pipec.pc
	chmod 644 $(DESTDIR)$(PREFIX)/lib/pkgconfig/pipec.pc
	echo "installed in $(DESTDIR)$(PREFIX)"

uninstall:
	rm -f $(addprefix $(DESTDIR)$(PREFIX)/,bin/pipec lib/libprt.a lib/libprt-test.a lib/pkgconfig/pipec.pc $(patsubst man/%,share/man/man1/%,$(wildcard man/*.1)))
	rm -rf $(DESTDIR)$(PREFIX)/include/prt $(DESTDIR)$(PREFIX)/share/pipec

clean:
	rm -rf $(BUILD)

.PHONY: all test test-programs torture-programs verify verify-long golden sanitize sanitize-address sanitize-thread check-warnings demo bench \
    bench-quick bench-report install uninstall clean

-include $(wildcard $(BUILD)/*/*.d $(BUILD)/compiler/*/*.d $(BUILD)/runtime/*/*.d $(BUILD)/tests/*/*.d $(BUILD)/sched/*/*.d $(BUILD)/sched/*/*/*.d)

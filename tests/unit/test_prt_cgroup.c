/* Limits of processors in a tree of cgroups of version 1, of version 2, of both; told and mounted in each way. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <platform/cgroup.h>

#include "unit.h"

static char root[] = "/tmp/prt-cgroup-XXXXXX";

static void put(const char *path, const char *text)
{
    char name[512];
    FILE *file;

    snprintf(name, sizeof name, "%s%s", root, path);
    for (char *slash = name + strlen(root) + 1; (slash = strchr(slash, '/')); slash++) {
        *slash = '\0';
        mkdir(name, 0700);
        *slash = '/';
    }
    file = fopen(name, "w");
    ck_assert_ptr_nonnull(file);
    fputs(text, file);
    ck_assert_int_eq(fclose(file), 0);
}

/* A process in the given groups, the hierarchies where most systems have them. */
static void begin(const char *groups)
{
    strcpy(strrchr(root, '-') + 1, "XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(root));
    put("/proc/self/cgroup", groups);
    put("/proc/self/mountinfo",
        "22 27 0:21 / /proc rw,relatime - proc proc rw\n"
        "31 23 0:28 / /sys/fs/cgroup rw - tmpfs tmpfs rw,mode=755\n"
        "32 31 0:29 / /sys/fs/cgroup/cpuset rw - cgroup cgroup rw,cpuset\n"
        "33 31 0:30 / /sys/fs/cgroup/cpu rw,relatime shared:9 - cgroup cgroup rw,cpu,cpuacct\n"
        "41 31 0:38 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw,nsdelegate\n");
}

static void expect(uint32_t cpus)
{
    char command[64];

    ck_assert_uint_eq(prt_cgroup_cpus_(root, 8), cpus);
    snprintf(command, sizeof command, "rm -r %s", root);
    ck_assert_int_eq(system(command), 0);
}

#define V1 "/sys/fs/cgroup/cpu"
#define V2 "/sys/fs/cgroup/unified"
#define GROUPS "5:cpuset:/\n4:cpu,cpuacct:/a/b\n1:name=systemd:/x\n0::/c/d\n"

START_TEST(nothing_is_readable)
{
    strcpy(strrchr(root, '-') + 1, "XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(root));
    expect(8);
}
END_TEST

START_TEST(no_limit)
{
    begin(GROUPS);
    put(V1 "/a/b/cpu.cfs_quota_us", "-1\n");
    put(V1 "/a/b/cpu.cfs_period_us", "100000\n");
    put(V2 "/c/d/cpu.max", "max 100000\n");
    expect(8);
}
END_TEST

/* Quota for a period of 100 ms, and the processors that it makes. */
static const struct {
    const char *quota;
    uint32_t cpus;
} quotas[] = { { "1000", 1 },    { "100000", 1 }, { "100001", 2 },  { "250000", 3 },
               { "800000", 8 },  { "9900000", 8 }, { "0", 8 },      { "9223372036854775807", 8 },
               { "nonsense", 8 }, { "", 8 } };

START_TEST(quota_of_version_1)
{
    begin(GROUPS);
    put(V1 "/a/b/cpu.cfs_quota_us", quotas[_i].quota);
    put(V1 "/a/b/cpu.cfs_period_us", "100000\n");
    expect(quotas[_i].cpus);
}
END_TEST

START_TEST(quota_of_version_2)
{
    char text[64];

    snprintf(text, sizeof text, "%s 100000\n", quotas[_i].quota);
    begin(GROUPS);
    put(V2 "/c/d/cpu.max", text);
    expect(quotas[_i].cpus);
}
END_TEST

START_TEST(the_tightest_on_the_way_up)
{
    begin(GROUPS);
    put(V1 "/a/b/cpu.cfs_quota_us", "500000");
    put(V1 "/a/b/cpu.cfs_period_us", "100000");
    put(V1 "/a/cpu.cfs_quota_us", "30000");
    put(V1 "/a/cpu.cfs_period_us", "10000");
    put(V1 "/other/cpu.cfs_quota_us", "10000");
    put(V1 "/other/cpu.cfs_period_us", "10000");
    expect(3);
}
END_TEST

START_TEST(a_limit_of_the_mount_itself)
{
    begin(GROUPS);
    put(V2 "/cpu.max", "200000 100000");
    put(V2 "/c/d/cpu.max", "700000 100000");
    expect(2);
}
END_TEST

START_TEST(not_above_the_mount)
{
    begin(GROUPS);
    put("/sys/fs/cgroup/cpu.max", "100000 100000");
    put("/sys/fs/cgroup/cpu.cfs_quota_us", "100000");
    put("/sys/fs/cgroup/cpu.cfs_period_us", "100000");
    expect(8);
}
END_TEST

START_TEST(the_tighter_of_both_versions)
{
    begin(GROUPS);
    put(V1 "/a/b/cpu.cfs_quota_us", _i ? "200000" : "600000");
    put(V1 "/a/b/cpu.cfs_period_us", "100000");
    put(V2 "/c/d/cpu.max", _i ? "600000 100000" : "200000 100000");
    expect(2);
}
END_TEST

START_TEST(only_version_2)
{
    begin("0::/system.slice/a name.service\n");
    put("/proc/self/mountinfo", "26 23 0:24 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n");
    put("/sys/fs/cgroup/system.slice/a name.service/cpu.max", "150000 100000\n");
    expect(2);
}
END_TEST

START_TEST(part_of_the_tree_is_mounted) /* a container: what /proc tells begins with what is mounted */
{
    begin("4:cpu:/box/1/in\n");
    put("/proc/self/mountinfo", "33 31 0:30 /box/1 /my\\040groups/cpu ro master:9 - cgroup cgroup rw,cpu\n");
    put("/my groups/cpu/in/cpu.cfs_quota_us", "500000");
    put("/my groups/cpu/in/cpu.cfs_period_us", "100000");
    put("/my groups/cpu/cpu.cfs_quota_us", _i ? "-1" : "400000");
    put("/my groups/cpu/cpu.cfs_period_us", "100000");
    expect(_i ? 5 : 4);
}
END_TEST

START_TEST(another_part_is_mounted) /* then the mount is all that this process can see of its own */
{
    static const char *const groups[] = { "4:cpu:/box/12\n", "4:cpu:/\n", "4:cpu:/../elsewhere\n" };

    begin(groups[_i]);
    put("/proc/self/mountinfo", "33 31 0:30 /box/1 /cpu ro - cgroup cgroup rw,cpu\n");
    put("/cpu/cpu.cfs_quota_us", "400000");
    put("/cpu/cpu.cfs_period_us", "100000");
    expect(4);
}
END_TEST

START_TEST(lines_of_another_form)
{
    static const char *const mounts[] = { "", "\n", "-\n", " - \n", "33 31 - cgroup cgroup rw,cpu\n",
                                          "33 31 0:30 / /cpu rw - cgroup\n", "33 31 0:30 / /cpu rw\n",
                                          "33 31 0:30 / /cpu rw - cgroup cgroup rw,cpuacct\n" };

    begin("\n:\nnonsense\n4:cpu\n4:cpu:/\n");
    put("/proc/self/mountinfo", mounts[_i]);
    put("/cpu/cpu.cfs_quota_us", "400000");
    put("/cpu/cpu.cfs_period_us", "100000");
    expect(8);
}
END_TEST

int main(void)
{
    Suite *const suite = suite_create("cgroup");
    const int nquotas = sizeof quotas / sizeof *quotas;

    unit_add(suite, "nothing_is_readable", nothing_is_readable, 0, 1);
    unit_add(suite, "no_limit", no_limit, 0, 1);
    unit_add(suite, "quota_of_version_1", quota_of_version_1, 0, nquotas);
    unit_add(suite, "quota_of_version_2", quota_of_version_2, 0, nquotas);
    unit_add(suite, "the_tightest_on_the_way_up", the_tightest_on_the_way_up, 0, 1);
    unit_add(suite, "a_limit_of_the_mount_itself", a_limit_of_the_mount_itself, 0, 1);
    unit_add(suite, "not_above_the_mount", not_above_the_mount, 0, 1);
    unit_add(suite, "the_tighter_of_both_versions", the_tighter_of_both_versions, 0, 2);
    unit_add(suite, "only_version_2", only_version_2, 0, 1);
    unit_add(suite, "part_of_the_tree_is_mounted", part_of_the_tree_is_mounted, 0, 2);
    unit_add(suite, "another_part_is_mounted", another_part_is_mounted, 0, 3);
    unit_add(suite, "lines_of_another_form", lines_of_another_form, 0, 8);
    return unit_run(suite);
}

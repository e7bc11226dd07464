/* SPDX-License-Identifier: MIT */
#include "guard.h"

#include "test.h"

#include <sys/mman.h>
#include <unistd.h>

void guard_map(struct guard *guard, size_t least)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    size_t size = (least + page - 1) / page * page;

    guard->mapped = size + 2 * page;
    guard->mapping =
        mmap(NULL, guard->mapped, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    assert_true(guard->mapping != MAP_FAILED);
    guard->begin = (uint8_t *)guard->mapping + page;
    guard->end = guard->begin + size;
    assert_int_equal(mprotect(guard->mapping, page, PROT_NONE), 0);
    assert_int_equal(mprotect(guard->end, page, PROT_NONE), 0);
}

void guard_unmap(struct guard *guard)
{
    assert_int_equal(munmap(guard->mapping, guard->mapped), 0);
}

/* Inline wrappers over Linux calls that Swift cannot import: variadic functions and function-like macros. No logic. */
#ifndef PICLI_CLINUX_H
#define PICLI_CLINUX_H

#include <linux/memfd.h>
#include <linux/openat2.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/timex.h>
#include <unistd.h>

/* ioctl(2) with a pointer: 0 or more, or -1 with errno. */
static inline int linux_ioctl(int descriptor, unsigned long request, void *argument) {
    return ioctl(descriptor, request, argument);
}

/* Property channel of the Raspberry Pi firmware: IOCTL_MBOX_PROPERTY of /dev/vcio. */
static inline int linux_vcio_property(int descriptor, uint32_t *message) {
    return ioctl(descriptor, _IOWR(100, 0, char *), message);
}

/* adjtimex(2): the clock state (TIME_OK ... TIME_ERROR), or -1 with errno. */
static inline int linux_adjtimex(struct timex *state) {
    return adjtimex(state);
}

/* O_PATH, which glibc gives for _GNU_SOURCE only: the value of asm-generic/fcntl.h, the same on arm64 and x86. */
static const int linux_o_path = 010000000;

static const int linux_sta_unsync = STA_UNSYNC;
static const int linux_rlimit_nofile = RLIMIT_NOFILE;
static const int linux_rlimit_core = RLIMIT_CORE;
static const int linux_rlimit_memlock = RLIMIT_MEMLOCK;

/* getrlimit(2) and setrlimit(2), whose first argument is an enum of glibc in C and an int elsewhere. */
static inline int linux_getrlimit(int resource, uint64_t *soft, uint64_t *hard) {
    struct rlimit limit = {0, 0};
    int result = getrlimit(resource, &limit);
    *soft = limit.rlim_cur;
    *hard = limit.rlim_max;
    return result;
}

static inline int linux_setrlimit(int resource, uint64_t soft, uint64_t hard) {
    struct rlimit limit = {soft, hard};
    return setrlimit(resource, &limit);
}

/* openat2(2), for which glibc has no function: `root` is the root of all that `path` and its links name, as after
   chroot(2). A descriptor, or -1 with errno. The mode must be 0 unless a file is made. */
static inline int linux_open_in_root(int root, const char *path, int flags, uint32_t mode) {
    struct open_how how = {(uint64_t)(uint32_t)flags, mode, RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS};
    return (int)syscall(SYS_openat2, root, path, &how, sizeof how);
}

/* accept4(2), which glibc declares for _GNU_SOURCE only: the next connection, closed on exec from its first moment. */
static inline int linux_accept(int listener) {
    return (int)syscall(SYS_accept4, listener, NULL, NULL, SOCK_CLOEXEC);
}

/* memfd_create(2), which glibc declares for _GNU_SOURCE only: a file in memory, closed on exec. */
static inline int linux_memory_file(const char *name) {
    return (int)syscall(SYS_memfd_create, name, MFD_CLOEXEC);
}

/* fallocate(2) with FALLOC_FL_KEEP_SIZE, which glibc declares for _GNU_SOURCE only: room for a file that does not grow by
   it. For machines with registers of 64 bits. */
static inline int linux_reserve(int descriptor, int64_t length) {
    return (int)syscall(SYS_fallocate, descriptor, 1, (int64_t)0, length);
}

/* eventfd2(2), closed on exec and not blocking: a descriptor that poll(2) finds readable once something was written to
   it. By its number: its header would make struct timespec one of this module. */
static inline int linux_event_counter(void) {
    return (int)syscall(SYS_eventfd2, 0, 02000000 | 04000);
}

/* struct msghdr and struct cmsghdr of the kernel on machines of 64 bits; their header, too, has struct timespec. */
struct linux_part {
    const void *bytes;
    uint64_t length;
};
struct linux_message {
    const void *to;
    uint32_t to_length;
    struct linux_part *parts;
    uint64_t count;
    const void *control;
    uint64_t control_length;
    uint32_t flags;
};
struct linux_rights {
    uint64_t length;
    int32_t level, type, descriptor, padding;
};

/* sendmsg(2) of one datagram with a descriptor beside it (SOL_SOCKET, SCM_RIGHTS of unix(7)), with MSG_NOSIGNAL and
   MSG_DONTWAIT. The bytes sent, or -1 with errno. */
static inline long linux_send_descriptor(
    int socket, const void *to, uint32_t to_length, const void *text, uint64_t length, int descriptor) {
    struct linux_part part = {text, length};
    struct linux_rights rights = {20, 1, 1, descriptor, 0};
    struct linux_message message = {to, to_length, &part, 1, &rights, sizeof rights, 0};
    return syscall(SYS_sendmsg, socket, &message, 0x4000 | 0x40);
}

#endif

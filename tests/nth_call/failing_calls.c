/* Lets the n-th call of a kind fail in one role of loadtui's processes: preloaded, with what is to
 * fail in the environment (see fault.py).
 *
 * Only calls that concern the folders of FAULT_FOLDERS count, and what is sent through Unix sockets:
 * what Python needs to import its modules is no disk of a run.  Every call that counts is a line of
 * FAULT_LOG, "role call number what", and one that failed has "failed" before it.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

enum call { OPEN, WRITE, SYNC, RENAME, UNLINK, MAKE, GROW, MMAP, SEND, CALLS };
static const char *const names[CALLS] = {"open", "write", "sync", "rename", "unlink",
                                         "make", "grow",  "mmap", "send"};
static const char *role = "command";
static char folders[4096];
static char log_path[PATH_MAX];
static char fault_role[16];
static enum call fault_call = CALLS;
static long fault_at;
static int fault_errno; /* 0: a short write */
static int fault_lasts;
static long counts[CALLS];
static int ready;

static void in_child(void) {
    if (strcmp(role, "host") == 0) role = "worker";
    memset(counts, 0, sizeof counts);
}

static void take(char *into, size_t size, const char *name) {
    const char *value = getenv(name);
    snprintf(into, size, "%s", value ? value : "");
}

__attribute__((constructor)) static void begin(void) {
    char line[4096], call[16], number[32];
    int fd = (int)syscall(SYS_openat, AT_FDCWD, "/proc/self/cmdline", O_RDONLY | O_CLOEXEC, 0);
    ssize_t length = fd < 0 ? 0 : syscall(SYS_read, fd, line, sizeof line - 1);
    if (fd >= 0) syscall(SYS_close, fd);
    for (ssize_t i = 0; i < length; i++)
        if (!line[i]) line[i] = ' ';
    line[length > 0 ? length : 0] = 0;
    if (strstr(line, "loadtui.engine.host.judging")) role = "judge";
    else if (strstr(line, "loadtui.engine ")) role = "host";
    else if (!strstr(line, "loadtui")) role = "other";
    take(folders, sizeof folders, "FAULT_FOLDERS");
    take(log_path, sizeof log_path, "FAULT_LOG");
    take(fault_role, sizeof fault_role, "FAULT_ROLE");
    take(call, sizeof call, "FAULT_CALL");
    for (int i = 0; i < CALLS; i++)
        if (strcmp(call, names[i]) == 0) fault_call = (enum call)i;
    take(number, sizeof number, "FAULT_AT");
    fault_at = atol(number);
    take(number, sizeof number, "FAULT_ERRNO");
    fault_errno = atoi(number);
    fault_lasts = getenv("FAULT_LASTS") != NULL;
    pthread_atfork(NULL, NULL, in_child);
    ready = folders[0] != 0;
}

static int watched(const char *path) {
    size_t length;
    for (const char *from = folders; *from; from += length + (from[length] == ':')) {
        length = strcspn(from, ":");
        if (length && strncmp(path, from, length) == 0) return 1;
    }
    return 0;
}

static int path_of(int fd, char *into) {
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = syscall(SYS_readlinkat, AT_FDCWD, link, into, PATH_MAX - 1);
    into[length > 0 ? length : 0] = 0;
    return length > 0;
}

/* The absolute path of what a call names; 0 when it does not concern the folders. */
static int named(int folder, const char *path, char *into) {
    char above[PATH_MAX];
    if (!ready || !path) return 0;
    if (path[0] == '/') snprintf(into, 2 * PATH_MAX, "%s", path);
    else {
        if (folder == AT_FDCWD) {
            if (syscall(SYS_getcwd, above, sizeof above) < 0) return 0;
        } else if (!path_of(folder, above)) return 0;
        snprintf(into, 2 * PATH_MAX, "%s/%s", above, path);
    }
    return watched(into);
}

static int behind(int fd, char *into) { return ready && path_of(fd, into) && watched(into); }

static int unix_socket(int fd, char *into) {
    struct sockaddr_storage address;
    socklen_t length = sizeof address;
    int before = errno, is = 0;
    if (ready && getsockname(fd, (struct sockaddr *)&address, &length) == 0)
        is = address.ss_family == AF_UNIX;
    /* Not the pair of sockets by which a process wakes itself: nobody else is there to be gone. */
    struct ucred peer;
    socklen_t size = sizeof peer;
    if (is && getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0) is = peer.pid != getpid();
    errno = before;
    if (is) snprintf(into, 64, "socket %d", fd);
    return is;
}

/* Counts a call; true when it is to fail. */
static int fails(enum call call, const char *what) {
    long number = __atomic_add_fetch(&counts[call], 1, __ATOMIC_SEQ_CST);
    int hit = call == fault_call && strcmp(role, fault_role) == 0 && fault_at > 0 &&
              (number == fault_at || (fault_lasts && number > fault_at));
    int before = errno;
    int fd = (int)syscall(SYS_openat, AT_FDCWD, log_path,
                          O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
    if (fd >= 0) {
        char line[2 * PATH_MAX + 64];
        int length = snprintf(line, sizeof line, "%s%s %s %ld %s\n", hit ? "failed " : "", role,
                              names[call], number, what);
        syscall(SYS_write, fd, line, length);
        syscall(SYS_close, fd);
    }
    errno = before;
    return hit;
}

#define REAL(result, name, ...)                                                  \
    static result (*real)(__VA_ARGS__);                                          \
    if (!real) real = (result(*)(__VA_ARGS__))dlsym(RTLD_NEXT, #name)
#define FAIL(value) do { errno = fault_errno; return value; } while (0)

#define OPENER(name)                                                             \
    int name(const char *path, int flags, ...) {                                 \
        REAL(int, name, const char *, int, ...);                                 \
        char what[2 * PATH_MAX];                                                 \
        va_list rest; va_start(rest, flags); mode_t mode = va_arg(rest, mode_t); va_end(rest); \
        if (named(AT_FDCWD, path, what) && fails(OPEN, what)) FAIL(-1);          \
        return real(path, flags, mode);                                          \
    }
OPENER(open)
OPENER(open64)
#define OPENER_AT(name)                                                          \
    int name(int folder, const char *path, int flags, ...) {                     \
        REAL(int, name, int, const char *, int, ...);                            \
        char what[2 * PATH_MAX];                                                 \
        va_list rest; va_start(rest, flags); mode_t mode = va_arg(rest, mode_t); va_end(rest); \
        if (named(folder, path, what) && fails(OPEN, what)) FAIL(-1);            \
        return real(folder, path, flags, mode);                                  \
    }
OPENER_AT(openat)
OPENER_AT(openat64)

/* Half of it where a short write is asked for; all but one byte of nothing is nothing. */
#define SHORT(size) ((size) > 1 ? (size) / 2 : (size))

ssize_t write(int fd, const void *data, size_t size) {
    REAL(ssize_t, write, int, const void *, size_t);
    char what[2 * PATH_MAX];
    if (behind(fd, what) && fails(WRITE, what)) {
        if (fault_errno) FAIL(-1);
        return real(fd, data, SHORT(size));
    }
    return real(fd, data, size);
}
ssize_t writev(int fd, const struct iovec *parts, int count) {
    REAL(ssize_t, writev, int, const struct iovec *, int);
    char what[2 * PATH_MAX];
    if (behind(fd, what) && fails(WRITE, what)) {
        if (fault_errno) FAIL(-1);
        return real(fd, parts, SHORT(count));
    }
    return real(fd, parts, count);
}
#define WRITER_AT(name, offset_type)                                             \
    ssize_t name(int fd, const void *data, size_t size, offset_type at) {        \
        REAL(ssize_t, name, int, const void *, size_t, offset_type);             \
        char what[2 * PATH_MAX];                                                 \
        if (behind(fd, what) && fails(WRITE, what)) {                            \
            if (fault_errno) FAIL(-1);                                           \
            return real(fd, data, SHORT(size), at);                              \
        }                                                                        \
        return real(fd, data, size, at);                                         \
    }
WRITER_AT(pwrite, off_t)
WRITER_AT(pwrite64, off64_t)

#define OF_FD(name, kind)                                                        \
    int name(int fd) {                                                           \
        REAL(int, name, int);                                                    \
        char what[2 * PATH_MAX];                                                 \
        if (behind(fd, what) && fails(kind, what)) FAIL(-1);                     \
        return real(fd);                                                         \
    }
OF_FD(fsync, SYNC)
OF_FD(fdatasync, SYNC)

int rename(const char *from, const char *to) {
    REAL(int, rename, const char *, const char *);
    char what[2 * PATH_MAX];
    if (named(AT_FDCWD, to, what) && fails(RENAME, what)) FAIL(-1);
    return real(from, to);
}
int renameat(int a, const char *from, int b, const char *to) {
    REAL(int, renameat, int, const char *, int, const char *);
    char what[2 * PATH_MAX];
    if (named(b, to, what) && fails(RENAME, what)) FAIL(-1);
    return real(a, from, b, to);
}
int link(const char *from, const char *to) {
    REAL(int, link, const char *, const char *);
    char what[2 * PATH_MAX];
    if (named(AT_FDCWD, to, what) && fails(RENAME, what)) FAIL(-1);
    return real(from, to);
}
int unlink(const char *path) {
    REAL(int, unlink, const char *);
    char what[2 * PATH_MAX];
    if (named(AT_FDCWD, path, what) && fails(UNLINK, what)) FAIL(-1);
    return real(path);
}
int unlinkat(int folder, const char *path, int flags) {
    REAL(int, unlinkat, int, const char *, int);
    char what[2 * PATH_MAX];
    if (named(folder, path, what) && fails(UNLINK, what)) FAIL(-1);
    return real(folder, path, flags);
}
int rmdir(const char *path) {
    REAL(int, rmdir, const char *);
    char what[2 * PATH_MAX];
    if (named(AT_FDCWD, path, what) && fails(UNLINK, what)) FAIL(-1);
    return real(path);
}
int mkdir(const char *path, mode_t mode) {
    REAL(int, mkdir, const char *, mode_t);
    char what[2 * PATH_MAX];
    if (named(AT_FDCWD, path, what) && fails(MAKE, what)) FAIL(-1);
    return real(path, mode);
}
#define SIZER(name, offset_type)                                                 \
    int name(int fd, offset_type size) {                                         \
        REAL(int, name, int, offset_type);                                       \
        char what[2 * PATH_MAX];                                                 \
        if (behind(fd, what) && fails(GROW, what)) FAIL(-1);                     \
        return real(fd, size);                                                   \
    }
SIZER(ftruncate, off_t)
SIZER(ftruncate64, off64_t)
#define GROWER(name, offset_type)                                                \
    int name(int fd, offset_type at, offset_type size) {                         \
        REAL(int, name, int, offset_type, offset_type);                          \
        char what[2 * PATH_MAX];                                                 \
        if (behind(fd, what) && fails(GROW, what)) return fault_errno;           \
        return real(fd, at, size);                                               \
    }
GROWER(posix_fallocate, off_t)
GROWER(posix_fallocate64, off64_t)

#define MAPPER(name, offset_type)                                                \
    void *name(void *at, size_t size, int protection, int flags, int fd, offset_type from) { \
        REAL(void *, name, void *, size_t, int, int, int, offset_type);          \
        char what[2 * PATH_MAX];                                                 \
        if (fd >= 0 && behind(fd, what) && fails(MMAP, what)) FAIL(MAP_FAILED);  \
        return real(at, size, protection, flags, fd, from);                      \
    }
MAPPER(mmap, off_t)
MAPPER(mmap64, off64_t)

ssize_t send(int fd, const void *data, size_t size, int flags) {
    REAL(ssize_t, send, int, const void *, size_t, int);
    char what[64];
    if (unix_socket(fd, what) && fails(SEND, what)) {
        if (fault_errno) FAIL(-1);
        return real(fd, data, SHORT(size), flags);
    }
    return real(fd, data, size, flags);
}
ssize_t sendmsg(int fd, const struct msghdr *message, int flags) {
    REAL(ssize_t, sendmsg, int, const struct msghdr *, int);
    char what[64];
    if (fault_errno && unix_socket(fd, what) && fails(SEND, what)) FAIL(-1);
    return real(fd, message, flags);
}

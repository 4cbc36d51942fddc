// sample-lines LOG NAME=FILE...: looks at files of one value as often as it can and appends each change to LOG.
//
// A line is "MICROSECONDS NAME VALUE", by the clock that runs from boot on; the first one of a name is what it began with.
// A file that is not there yet is waited for, and one that goes is waited for again. In C, because whatever an emulated
// processor spends here, the program under test has to wait for.

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { mostFiles = 16, mostBytes = 64 };

struct Watched {
    const char *name, *path;
    int file;
    char last[mostBytes];
};

static void look(struct Watched *watched, FILE *log) {
    if (watched->file < 0) watched->file = open(watched->path, O_RDONLY | O_CLOEXEC);
    if (watched->file < 0) return;
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    char value[mostBytes] = "";
    ssize_t length = pread(watched->file, value, sizeof value - 1, 0);
    // configfs fills its answer once for each time that it is opened.
    if (length < 0 || strstr(watched->path, "/config/")) {
        close(watched->file);
        watched->file = -1;
    }
    if (length < 0) return;
    value[strcspn(value, " \n")] = 0;
    if (strcmp(value, watched->last) == 0) return;
    strcpy(watched->last, value);
    fprintf(log, "%lld %s %s\n", now.tv_sec * 1000000LL + now.tv_nsec / 1000, watched->name, value);
    fflush(log);
}

int main(int count, char **words) {
    FILE *log = count > 1 ? fopen(words[1], "a") : NULL;
    if (!log || count - 2 > mostFiles) {
        fprintf(stderr, "sample-lines LOG NAME=FILE...\n");
        return 64;
    }
    struct Watched watched[mostFiles] = {0};
    for (int place = 0; place < count - 2; place++) {
        char *path = strchr(words[place + 2], '=');
        if (!path) return 64;
        *path = 0;
        watched[place].name = words[place + 2];
        watched[place].path = path + 1;
        watched[place].file = -1;
    }
    for (;;) {
        for (int place = 0; place < count - 2; place++) look(&watched[place], log);
        nanosleep(&(struct timespec){.tv_nsec = 300000}, NULL);
    }
}

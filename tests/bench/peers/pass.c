/* The protocol, the stream and the clock of a peer; see pass.h. */
#include "pass.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

/* What a decoder may read behind the end of its input. */
#define PADDING 64

static uint64_t now(clockid_t clock)
{
    struct timespec time;
    clock_gettime(clock, &time);
    return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

void fail(const char *what)
{
    fprintf(stderr, "%s\n", what);
    exit(1);
}

static void *memory(size_t count, size_t size)
{
    void *all = calloc(count ? count : 1, size);
    if (!all)
        fail("no memory");
    return all;
}

static void read_bytes(struct stream *stream, const char *path)
{
    FILE *file = fopen(path, "rb");
    if (!file || fseek(file, 0, SEEK_END))
        fail("the stream cannot be read");
    long length = ftell(file);
    rewind(file);
    stream->length = (size_t)length;
    stream->bytes = memory(stream->length + PADDING, 1);
    if (fread(stream->bytes, 1, stream->length, file) != stream->length)
        fail("the stream cannot be read");
    fclose(file);
}

static void read_index(struct stream *stream, const char *path, size_t most)
{
    FILE *file = fopen(path, "r");
    struct unit unit;
    if (!file)
        fail("the index cannot be read");
    stream->units = memory(most, sizeof *stream->units);
    while (stream->count < most
        && fscanf(file, "%zu %zu %d%*[^\n]", &unit.offset, &unit.length, &unit.idr) == 3) {
        if (unit.length > stream->length || unit.offset > stream->length - unit.length)
            fail("the index is not that of the stream");
        stream->units[stream->count++] = unit;
    }
    fclose(file);
    if (!stream->count)
        fail("the index is empty");
}

struct stream stream_open(int count, char **words)
{
    struct stream stream = { 0 };
    if (count != 8)
        fail("usage: PROGRAM MODE STREAM INDEX UNITS TURNS RATE PORT");
    read_bytes(&stream, words[2]);
    read_index(&stream, words[3], strtoul(words[4], NULL, 10));
    stream.turns = strtoul(words[5], NULL, 10);
    stream.rate = (unsigned)strtoul(words[6], NULL, 10);
    stream.port = (unsigned)strtoul(words[7], NULL, 10);
    stream.handed = memory(stream.count * stream.turns, sizeof *stream.handed);
    stream.returned = memory(stream.count * stream.turns, sizeof *stream.returned);
    return stream;
}

void stream_hand_over(struct stream *stream, size_t number)
{
    static uint64_t start;
    if (!stream->rate)
        return;
    if (!number)
        start = now(CLOCK_MONOTONIC);
    uint64_t due = start + number * 1000000000u / stream->rate;
    struct timespec until = { (time_t)(due / 1000000000u), (long)(due % 1000000000u) };
    while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL))
        ;
    stream->handed[number] = now(CLOCK_REALTIME);
}

void stream_returned(struct stream *stream, size_t number)
{
    if (stream->rate)
        stream->returned[number] = now(CLOCK_REALTIME);
}

/* Instructions are counted from the beginning of this function to its end. */
__attribute__((noinline)) static void measured(struct stream *stream, void (*pass)(struct stream *))
{
    pass(stream);
}

int stream_serve(struct stream *stream, void (*pass)(struct stream *))
{
    char line[16];
    puts("ready");
    fflush(stdout);
    while (fgets(line, sizeof line, stdin)) {
        stream->packets = stream->datagrams = 0;
        uint64_t cpu = now(CLOCK_PROCESS_CPUTIME_ID), wall = now(CLOCK_MONOTONIC);
        measured(stream, pass);
        wall = now(CLOCK_MONOTONIC) - wall;
        cpu = now(CLOCK_PROCESS_CPUTIME_ID) - cpu;
        for (size_t number = 0; stream->rate && number < stream->count * stream->turns; number++)
            printf("unit %" PRIu64 " %" PRIu64 "\n", stream->handed[number],
                stream->returned[number]);
        printf("done %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64 "\n", cpu, wall,
            stream->packets, stream->datagrams);
        fflush(stdout);
    }
    return 0;
}

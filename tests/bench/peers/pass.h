/*
 * What every peer shares: the stream in memory with its index, the protocol with the program that
 * compares, and the clock.
 *
 * A peer prints `ready`. For each line that comes it makes one pass over the stream and prints, if
 * it plays in real time, a line `unit HANDED RETURNED` for each access unit (nanoseconds of the
 * Unix clock), and then `done CPU WALL PACKETS DATAGRAMS` (nanoseconds of the process and of the
 * clock, transport packets and datagrams that came out; 0 if it cannot know).
 */
#ifndef BENCH_PASS_H
#define BENCH_PASS_H

#include <stddef.h>
#include <stdint.h>

/* An access unit: its place in the stream. */
struct unit {
    size_t offset;
    size_t length;
    int idr;
};

/* A stream, and the work to be done with it. */
struct stream {
    uint8_t *bytes;
    size_t length;
    struct unit *units;
    size_t count;
    /* Times that the stream is gone through in a pass. */
    size_t turns;
    /* Access units a second; 0 is as fast as it goes. */
    unsigned rate;
    /* Where datagrams go; 0 is nowhere. */
    unsigned port;
    /* What came out. */
    uint64_t packets;
    uint64_t datagrams;
    /* When each unit was handed over and when the call came back, if there is a rate. */
    uint64_t *handed;
    uint64_t *returned;
};

/* Reads `PROGRAM MODE STREAM INDEX UNITS TURNS RATE PORT`; ends the program if that is wrong. */
struct stream stream_open(int count, char **words);

/* Waits until the unit `number` of a pass is due, and notes that it is handed over. */
void stream_hand_over(struct stream *stream, size_t number);

/* Notes that the call with the unit `number` has come back. */
void stream_returned(struct stream *stream, size_t number);

/* Speaks the protocol: one call of `measured` for each line. */
int stream_serve(struct stream *stream, void (*pass)(struct stream *));

/* Ends the program with a message. */
void fail(const char *what);

#endif

/*
 * The copier that one would write in an hour, as something to compare with: it lists the keys, asks the source for 200 at a
 * time, waits for all of them, sends them to the target, waits for that. It verifies nothing and keeps no order; an item that
 * a client deletes meanwhile comes back.
 *
 * plain-copier SOURCE-PORT TARGET-PORT: prints items, seconds of listing, seconds of copying, seconds of CPU.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define BATCH 200

struct buffer { char *bytes; size_t length, capacity; };

static void fail(const char *what) { perror(what); exit(1); }

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec + t.tv_nsec * 1e-9;
}

static void reserve(struct buffer *b, size_t more) {
    if (b->length + more <= b->capacity) return;
    while (b->length + more > b->capacity) b->capacity = b->capacity ? b->capacity * 2 : 1 << 20;
    if (!(b->bytes = realloc(b->bytes, b->capacity))) fail("realloc");
}

static void append(struct buffer *b, const char *text, size_t length) {
    reserve(b, length);
    memcpy(b->bytes + b->length, text, length);
    b->length += length;
}

static int open_member(const char *port) {
    int one = 1, s = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons(atoi(port)), .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    if (connect(s, (struct sockaddr *)&address, sizeof address)) fail("connect");
    setsockopt(s, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    return s;
}

static void send_all(int s, const struct buffer *b) {
    for (size_t sent = 0; sent < b->length;) {
        ssize_t n = write(s, b->bytes + sent, b->length - sent);
        if (n <= 0) fail("write");
        sent += n;
    }
}

/* Appends what comes until it ends with that. */
static void receive_until(int s, struct buffer *b, const char *end) {
    size_t length = strlen(end);
    do {
        reserve(b, 1 << 18);
        ssize_t n = read(s, b->bytes + b->length, b->capacity - b->length);
        if (n <= 0) fail("read");
        b->length += n;
    } while (b->length < length || memcmp(b->bytes + b->length - length, end, length));
}

/* "mg KEY" lines. */
static void list(int source, struct buffer *keys) {
    struct buffer request = { 0 };
    append(&request, "lru_crawler mgdump hash\r\n", 25);
    do {
        usleep(20000); /* the crawler may be at work of its own, or the hash table growing */
        keys->length = 0;
        send_all(source, &request);
        receive_until(source, keys, "\r\n");
    } while (!strncmp(keys->bytes, "BUSY", 4) || !strncmp(keys->bytes, "ERROR", 5));
    if (keys->length < 4 || memcmp(keys->bytes + keys->length - 4, "EN\r\n", 4)) receive_until(source, keys, "EN\r\n");
    append(keys, "", 1);
}

/* "VA <bytes> k<key> f<flags> t<ttl>\r\n<value>\r\n" becomes "ms <key> <bytes> F<flags> T<ttl> q\r\n<value>\r\n". */
static long translate(const struct buffer *replies, struct buffer *stores) {
    long items = 0;
    for (char *at = replies->bytes, *end = at + replies->length; at < end;) {
        char *line_end = memchr(at, '\r', end - at);
        if (at[0] == 'V') {
            char head[400];
            long bytes = strtol(at + 3, &at, 10);
            char *key = at + 2, *key_end = memchr(key, ' ', line_end - key);
            unsigned long flags = strtoul(key_end + 2, &at, 10);
            long ttl = strtol(at + 2, NULL, 10);
            append(stores, head, snprintf(head, sizeof head, "ms %.*s %ld F%lu T%ld q\r\n", (int)(key_end - key), key, bytes, flags, ttl < 0 ? 0 : ttl));
            append(stores, line_end + 2, bytes + 2);
            at = line_end + 2 + bytes + 2;
            items++;
        } else {
            at = line_end + 2; /* EN, MN */
        }
    }
    append(stores, "mn\r\n", 4);
    return items;
}

int main(int count, char **arguments) {
    if (count != 3) return 64;
    int source = open_member(arguments[1]), target = open_member(arguments[2]);
    struct buffer keys = { 0 }, request = { 0 }, replies = { 0 }, stores = { 0 };
    long items = 0;
    double started = now();
    list(source, &keys);
    double listed = now();
    for (char *line = keys.bytes; *line == 'm';) {
        request.length = replies.length = stores.length = 0;
        for (int i = 0; i < BATCH && *line == 'm'; i++) {
            char *end = strchr(line, '\r');
            append(&request, line, end - line);
            append(&request, " k f t v\r\n", 10);
            line = end + 2;
        }
        append(&request, "mn\r\n", 4);
        send_all(source, &request);
        receive_until(source, &replies, "MN\r\n");
        items += translate(&replies, &stores);
        replies.length = 0;
        send_all(target, &stores);
        receive_until(target, &replies, "MN\r\n");
    }
    printf("%ld %.6f %.6f %.6f\n", items, listed - started, now() - listed, (double)clock() / CLOCKS_PER_SEC);
    return 0;
}

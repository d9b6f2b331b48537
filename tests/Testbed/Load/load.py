#!/usr/bin/python3
"""Drives a memcached endpoint with pymemcache (Debian: python3-pymemcache) and verifies every answer.

The value, the flags and the time to live of a key follow from its name, so any reader can tell a right answer from a
wrong one. Reports are JSON lines on standard output; see `load.py COMMAND --help`.
"""
import argparse
import collections
import hashlib
import json
import random
import signal
import sys
import threading
import time
import uuid

from pymemcache.client.base import Client
from pymemcache.client.retrying import RetryingClient
from pymemcache.exceptions import MemcacheUnexpectedCloseError

BATCH = 200
SECONDS_TO_ANSWER = 3.0
SECONDS_BEFORE_RETRY = 0.25


class FlagsSerde:
    """Values go in and come out as (bytes, flags), so that flags can be set and seen per key."""

    def serialize(self, key, value):
        return value

    def deserialize(self, key, value, flags):
        return value, flags


def connect(endpoint, attempts=1):
    """With more than one attempt, what a broken connection took along is asked again over a new one; an answer that is late is not."""
    host, port = endpoint.rsplit(":", 1)
    client = Client((host, int(port)), serde=FlagsSerde(), connect_timeout=SECONDS_TO_ANSWER,
                    timeout=SECONDS_TO_ANSWER, no_delay=True)
    return client if attempts == 1 else RetryingClient(
        client, attempts=attempts, retry_delay=SECONDS_BEFORE_RETRY,
        retry_for=[OSError, MemcacheUnexpectedCloseError], do_not_retry_for=[TimeoutError])


def expected(key, write=0):
    """The (value, flags) of a key after its n-th write; 20 to 300 bytes."""
    digest = hashlib.sha256(f"{key}#{write}".encode()).hexdigest()
    length = 20 + int(digest[:4], 16) % 281
    return (digest * 5)[:length].encode(), int(digest[4:8], 16)


def key_of(prefix, number):
    return f"{prefix}:{number:08d}"


def ttl_of(number, ttls):
    return ttls[number % len(ttls)]


def chunks(items, size):
    for start in range(0, len(items), size):
        yield items[start:start + size]


def describe(error):
    return f"{type(error).__name__}: {error}"[:200]


class Counters:
    """What one report says: counts, the texts of errors, and latencies."""

    def __init__(self):
        self.counts = collections.Counter()
        self.errors = collections.Counter()
        self.latencies = []

    def add(self, other):
        self.counts.update(other.counts)
        self.errors.update(other.errors)
        self.latencies.extend(other.latencies)

    def judge(self, key, answer, want, may_miss=False):
        if answer is None:
            self.counts["expired" if may_miss else "misses"] += 1
        elif answer == want:
            self.counts["hits"] += 1
        else:
            self.counts["wrong"] += 1
            self.errors[f"wrong value of {key}: {len(answer[0])} bytes, flags {answer[1]}"] += 1

    def fail(self, kind, error, count=1):
        self.counts[kind] += count
        self.errors[describe(error)] += count

    def report(self, **extra):
        ordered = sorted(self.latencies)

        def quantile(share):
            return round(ordered[min(len(ordered) - 1, int(share * len(ordered)))] * 1000, 2) if ordered else 0

        names = ("hits", "misses", "expired", "wrong", "getErrors", "writes", "writeErrors")
        line = {name: self.counts[name] for name in names}
        line.update(errors=dict(self.errors.most_common(10)), p50Ms=quantile(0.5), p99Ms=quantile(0.99),
                    maxMs=quantile(1.0), **extra)
        print(json.dumps(line), flush=True)


def fill(options):
    """Sets the keys 0..N-1, each endpoint its share."""
    client = [connect(endpoint) for endpoint in options.endpoints]
    counters = Counters()
    for ttl_class, ttl in enumerate(options.ttls):
        numbers = range(ttl_class, options.keys, len(options.ttls))
        for index, batch in enumerate(chunks(numbers, BATCH)):
            values = {key_of(options.prefix, n): expected(key_of(options.prefix, n), options.write) for n in batch}
            try:
                failed = client[index % len(client)].set_many(values, expire=ttl, noreply=False)
                counters.counts["writes"] += len(values) - len(failed)
                if failed:
                    counters.fail("writeErrors", RuntimeError("NOT_STORED"), len(failed))
            except Exception as error:  # every failure is counted and shown
                counters.fail("writeErrors", error, len(values))
    counters.report(final=True)
    return counters


def check(options):
    """Reads every key once, in multi-gets, each endpoint its share. Keys whose time may be over count as expired when absent."""
    client = [connect(endpoint) for endpoint in options.endpoints]
    counters = Counters()
    for index, batch in enumerate(chunks(range(options.keys), BATCH)):
        keys = {key_of(options.prefix, n): ttl_of(n, options.ttls) for n in batch}
        try:
            answers = client[index % len(client)].get_many(list(keys))
        except Exception as error:
            counters.fail("getErrors", error, len(keys))
            continue
        for key, ttl in keys.items():
            counters.judge(key, answers.get(key), expected(key, options.write), may_miss=0 < ttl <= options.filled_ago)
    counters.report(final=True)
    return counters


class Worker(threading.Thread):
    """One client with one connection: reads the filled keys, and writes and reads back a few keys that are its own."""

    OWN_KEYS = 200

    def __init__(self, number, endpoint, options, stop):
        super().__init__(daemon=True, name=f"worker-{number}")
        self.endpoint, self.options, self.stop_event = endpoint, options, stop
        self.client = connect(endpoint, options.attempts)
        self.random = random.Random(number)
        self.own_prefix = f"{options.prefix}-w{number}-{options.run}"
        self.own = {}  # number of an own key -> the (value, flags) it must have, None when deleted; not listed: unknown
        self.write_count = 0
        self.lock = threading.Lock()
        self.counters = Counters()
        self.readable = [n for n in range(options.keys) if ttl_of(n, options.ttls) == 0 or ttl_of(n, options.ttls) >= 600]

    def take(self):
        with self.lock:
            taken, self.counters = self.counters, Counters()
        return taken

    def run(self):
        interval = len(self.options.endpoints) * self.options.connections / self.options.rate
        due = time.monotonic() + self.random.random() * interval
        while not self.stop_event.wait(max(0, due - time.monotonic())):
            due = max(due + interval, time.monotonic() - 1)  # what a stall delayed is made up for, one second's worth at most
            kind = self.random.random()
            if kind < self.options.writes:
                self.write()
            elif kind < 2 * self.options.writes and self.own:
                self.read_own()
            elif kind < 2 * self.options.writes + 0.05:
                self.read(self.random.sample(self.readable, min(10, len(self.readable))))
            else:
                self.read([self.random.choice(self.readable)])

    def timed(self, operation, *arguments, **named):
        started = time.monotonic()
        try:
            return operation(*arguments, **named)
        finally:
            with self.lock:
                self.counters.latencies.append(time.monotonic() - started)

    def read(self, numbers):
        keys = [key_of(self.options.prefix, n) for n in numbers]
        try:
            answers = self.timed(self.client.get_many, keys) if len(keys) > 1 else {keys[0]: self.timed(self.client.get, keys[0])}
        except Exception as error:
            with self.lock:
                self.counters.fail("getErrors", error)
            return
        with self.lock:
            for key in keys:
                self.counters.judge(key, answers.get(key), expected(key))

    def read_own(self):
        number = self.random.choice(list(self.own))
        key = key_of(self.own_prefix, number)
        try:
            answer = self.timed(self.client.get, key)
        except Exception as error:
            with self.lock:
                self.counters.fail("getErrors", error)
            return
        want = self.own[number]
        with self.lock:
            if want is None:
                self.counters.counts["hits" if answer is None else "wrong"] += 1
                if answer is not None:
                    self.counters.errors[f"{key} was deleted and is back"] += 1
            else:
                self.counters.judge(key, answer, want)

    def write(self):
        number = self.random.randrange(self.OWN_KEYS)
        key = key_of(self.own_prefix, number)
        self.own.pop(number, None)
        self.write_count += 1
        try:
            if self.random.random() < 0.2:
                self.timed(self.client.delete, key, noreply=False)
                self.own[number] = None
            else:
                want = expected(key, self.write_count)
                self.timed(self.client.set, key, want, expire=0, noreply=False)
                self.own[number] = want
            with self.lock:
                self.counters.counts["writes"] += 1
        except Exception as error:
            with self.lock:
                self.counters.fail("writeErrors", error)


def run(options):
    """Reads (and writes a little) until stopped by SIGINT or SIGTERM; one line a second and one at the end."""
    stop = threading.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: stop.set())
    workers = [Worker(index, endpoint, options, stop)
               for index, endpoint in enumerate(options.endpoints * options.connections)]
    for worker in workers:
        worker.start()
    total = Counters()
    started = time.monotonic()
    second = 0
    while not stop.wait(max(0, started + second + 1 - time.monotonic())):
        second += 1
        line = Counters()
        for worker in workers:
            line.add(worker.take())
        total.add(line)
        line.report(second=second, time=round(time.time(), 3))
        if options.seconds and second >= options.seconds:
            stop.set()
    for worker in workers:
        worker.join(2 * SECONDS_TO_ANSWER)
        total.add(worker.take())
    total.report(final=True, second=second)
    return total


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    for command in (fill, check, run):
        sub = commands.add_parser(command.__name__, help=command.__doc__)
        sub.set_defaults(command=command)
        sub.add_argument("--endpoints", required=True, type=lambda text: text.split(","), help="host:port[,host:port...]")
        sub.add_argument("--prefix", default="demo", help="what the keys begin with (default: %(default)s)")
        sub.add_argument("--keys", type=int, default=100_000)
        sub.add_argument("--ttls", type=lambda text: [int(ttl) for ttl in text.split(",")], default=[0, 3600, 86400],
                         help="seconds to live, given to the keys in turn; 0: for ever (default: 0,3600,86400)")
    for name in ("fill", "check"):
        commands.choices[name].add_argument("--write", type=int, default=0, help="number of the write, which the values follow from (default: 0)")
    commands.choices["check"].add_argument("--filled-ago", type=int, default=0, help="seconds since `fill`")
    running = commands.choices["run"]
    running.add_argument("--rate", type=float, default=2000, help="operations a second, all clients together (default: %(default)s)")
    running.add_argument("--connections", type=int, default=2, help="clients per endpoint (default: %(default)s)")
    running.add_argument("--writes", type=float, default=0.05, help="share of writes, and of reading them back (default: %(default)s)")
    running.add_argument("--attempts", type=int, default=1, help="over how many connections an operation is tried (default: %(default)s)")
    running.add_argument("--seconds", type=int, default=0, help="0: until stopped (default)")
    running.add_argument("--run", default=uuid.uuid4().hex[:11], help=argparse.SUPPRESS)
    options = parser.parse_args()
    counts = options.command(options).counts
    return 1 if counts["wrong"] or counts["getErrors"] or counts["writeErrors"] else 0


if __name__ == "__main__":
    sys.exit(main())

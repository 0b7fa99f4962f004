"""Holds a session from each of COUNT addresses, FIRST and those behind it, and is silent in all: as idle switches are.

One whose end is heard of is opened again at once, and then every RETRY seconds until it is greeted. Prints a line when a
session was greeted, or ended: `up SOURCE SECONDS` or `down SOURCE SECONDS REASON`, in seconds since 1970.

usage: silent_sessions.py ADDRESS PORT FIRST COUNT RETRY
"""

import errno
import heapq
import ipaddress
import itertools
import selectors
import socket
import sys
import time

# No answer to a SYN for so long: a new attempt is quicker than the kernel, which repeats it after a second.
PATIENCE_SECONDS = 0.2


class Sessions:
    def __init__(self, target, sources, retry):
        self.target, self.retry = target, retry
        self.selector = selectors.DefaultSelector()
        self.greeted = set()
        self.attempts = {source: 0 for source in sources}
        self.due, self.order = [], itertools.count()
        for source in sources:
            self.open(source)

    def run(self):
        while True:
            wait = max(0, self.due[0][0] - time.monotonic()) if self.due else None
            for key, _ in self.selector.select(wait):
                self.hear(key.fileobj, key.data)
            while self.due and self.due[0][0] <= time.monotonic():
                _, _, source, attempt, held = heapq.heappop(self.due)
                if attempt != self.attempts[source] or source in self.greeted:
                    continue
                if held is not None:
                    self.selector.unregister(held)
                    held.close()
                self.open(source)

    def open(self, source):
        self.attempts[source] += 1
        session = socket.socket(socket.AF_INET6 if ":" in source else socket.AF_INET)
        session.setblocking(False)
        session.bind((source, 0))
        session.connect_ex(self.target)
        self.selector.register(session, selectors.EVENT_READ, source)
        self.later(PATIENCE_SECONDS, source, session)

    def later(self, seconds, source, held=None):
        heapq.heappush(self.due, (time.monotonic() + seconds, next(self.order), source, self.attempts[source], held))

    def hear(self, session, source):
        try:
            reason = "" if session.recv(65536) else "closed"
        except OSError as error:
            reason = errno.errorcode.get(error.errno, str(error))
        if reason == "":
            if source not in self.greeted:
                self.greeted.add(source)
                say("up", source)
            return
        self.selector.unregister(session)
        session.close()
        if source in self.greeted:
            self.greeted.discard(source)
            say("down", source, reason)
            self.open(source)
        else:
            self.attempts[source] += 1
            self.later(self.retry, source)


def say(event, source, *reason):
    print(event, source, f"{time.time():.6f}", *reason, flush=True)


def main(address, port, first, count, retry):
    sources = [str(ipaddress.ip_address(first) + index) for index in range(int(count))]
    Sessions((address, int(port)), sources, float(retry)).run()


if __name__ == "__main__":
    main(*sys.argv[1:])

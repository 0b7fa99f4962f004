"""Holds SESSIONS sessions with a service that echoes, from COUNT addresses, FIRST and those behind it.

Each says a number when it is up, and the next one at every SIGUSR1, all of them as fast as they can. Prints, with times in
seconds since 1970:
  up SECONDS              once every session was answered
  answered NUMBER SESSIONS SECONDS
                          when all that are left were answered, or at SIGTERM; SECONDS of the last answer
  lost SECONDS REASON     a session that ended

usage: many_sessions.py ADDRESS PORT FIRST COUNT SESSIONS
"""

import errno
import ipaddress
import resource
import select
import signal
import socket
import sys
import time

# SYNs under way at a time: more would wait in vain for room in the service's queue.
OPENING = 200
# Descriptors that are not sessions.
SPARE = 64


class Crowd:
    """Plain epoll(7): with thousands of sessions a selector's own work would be most of what is measured."""

    def __init__(self, target, sources, count):
        self.target = target
        self.family = socket.AF_INET6 if ":" in target[0] else socket.AF_INET
        self.waiting = [sources[index % len(sources)] for index in range(count)]
        self.poll = select.epoll()
        self.opening, self.held = {}, {}
        # Of each session, the bytes that it has still to hear.
        self.due = {}
        self.number, self.told, self.last, self.is_up = 1, 1, 0.0, False
        self.signals, self.wakeup = socket.socketpair()
        self.wakeup.setblocking(False)
        signal.set_wakeup_fd(self.wakeup.fileno())
        for number in (signal.SIGUSR1, signal.SIGTERM):
            signal.signal(number, lambda *_: None)
        self.poll.register(self.signals.fileno(), select.EPOLLIN)

    def run(self):
        while True:
            while self.waiting and len(self.opening) < OPENING:
                self.open(self.waiting.pop())
            for descriptor, _ in self.poll.poll():
                if descriptor == self.signals.fileno():
                    if signal.SIGTERM in self.signals.recv(64):
                        return self.tell()
                    self.say_all()
                elif descriptor in self.opening:
                    self.greet(descriptor)
                else:
                    self.hear(descriptor)
            self.consider()

    def open(self, source):
        session = socket.socket(self.family)
        session.setblocking(False)
        session.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        session.bind((source, 0))
        session.connect_ex(self.target)
        self.opening[session.fileno()] = session
        self.poll.register(session.fileno(), select.EPOLLOUT)

    def greet(self, descriptor):
        session = self.held[descriptor] = self.opening.pop(descriptor)
        self.poll.modify(descriptor, select.EPOLLIN)
        self.say(descriptor, session, b"%08d" % self.number)

    def say_all(self):
        self.number += 1
        words = b"%08d" % self.number
        for descriptor, session in list(self.held.items()):
            self.say(descriptor, session, words)

    def say(self, descriptor, session, words):
        try:
            session.send(words)
            self.due[descriptor] = self.due.get(descriptor, b"") + words
        except OSError as error:
            self.lose(descriptor, error)

    def hear(self, descriptor):
        session = self.held.get(descriptor)
        if session is None:
            return
        try:
            heard = session.recv(64)
            if not heard:
                raise ConnectionAbortedError(errno.ECONNABORTED, "closed")
        except OSError as error:
            return self.lose(descriptor, error)
        due = self.due.get(descriptor, b"")
        if not due.startswith(heard):
            sys.exit(f"heard {heard!r} instead of {due!r}")
        if len(heard) < len(due):
            self.due[descriptor] = due[len(heard) :]
        else:
            del self.due[descriptor]
            self.last = time.time()

    def lose(self, descriptor, error):
        print("lost", f"{time.time():.6f}", errno.errorcode.get(error.errno, error), flush=True)
        self.poll.unregister(descriptor)
        self.held.pop(descriptor).close()
        self.due.pop(descriptor, None)

    def consider(self):
        if self.waiting or self.opening or self.due:
            return
        if not self.is_up:
            self.is_up = True
            print("up", f"{self.last:.6f}", flush=True)
        elif self.number > self.told:
            self.tell()

    def tell(self):
        self.told = self.number
        print("answered", self.number, len(self.held) - len(self.due), f"{self.last:.6f}", flush=True)


def main(address, port, first, count, sessions):
    sources = [str(ipaddress.ip_address(first) + index) for index in range(int(count))]
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    if most != resource.RLIM_INFINITY and most < int(sessions) + SPARE:
        sys.exit(f"{sessions} sessions need as many descriptors, and this machine permits {most} (ulimit -Hn)")
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    Crowd((address, int(port)), sources, int(sessions)).run()


if __name__ == "__main__":
    main(*sys.argv[1:])

"""Asks many addresses from many machines at once, out of one process with a socket in each of their networks.

Reads a line of JSON for each look: {"wait": SECONDS, "tries": N, "asks": {NAMESPACE: [ADDRESS, ...]}}. Whoever has not answered after
an equal part of that time is asked again, N times in all. Prints a line of JSON when all have answered, or after that time:
{NAMESPACE: [ADDRESS, ...]} with those that did, for each namespace that was asked.

usage: ping_matrix.py NAMESPACE...      names as of ip-netns(8)
"""

import ctypes
import json
import os
import select
import socket
import struct
import sys
import time

CLONE_NEWNET = 0x40000000
ECHO = {socket.AF_INET: (8, 0), socket.AF_INET6: (128, 129)}
# Both kinds of sockets filter by type: a bit that is set is a type that is not wanted (raw(7); RFC 3542, 3.2).
SOL_RAW, ICMP_FILTER, ICMP6_FILTER = 255, 1, 1
# Others may ping here as well, and a buffer that is full of their answers has no room for ours.
BUFFER = 4 << 20
SO_RCVBUFFORCE = 33
# Requests that go out together, and seconds until the next ones do.
SLICE, PAUSE = 24, 0.003
IDENTITY = os.getpid() & 0xFFFF

libc = ctypes.CDLL(None, use_errno=True)


def enter(namespace):
    with open(f"/run/netns/{namespace}") as handle:
        if libc.setns(handle.fileno(), CLONE_NEWNET) != 0:
            raise OSError(ctypes.get_errno(), f"cannot enter {namespace}")


def echo_socket(family):
    is_v4 = family == socket.AF_INET
    protocol = socket.IPPROTO_ICMP if is_v4 else socket.IPPROTO_ICMPV6
    sock = socket.socket(family, socket.SOCK_RAW | socket.SOCK_NONBLOCK, protocol)
    words = [0xFFFFFFFF] * (1 if is_v4 else 8)
    answer = ECHO[family][1]
    words[answer // 32] &= ~(1 << (answer % 32))
    level, option = (SOL_RAW, ICMP_FILTER) if is_v4 else (protocol, ICMP6_FILTER)
    sock.setsockopt(level, option, struct.pack(f"={len(words)}I", *words))
    sock.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, BUFFER)
    return sock


def checksum(data):
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def request(family, number):
    """An echo request (RFC 792; RFC 4443, 4.1); of ICMPv6 the kernel makes the checksum."""
    body = IDENTITY.to_bytes(2, "big") + number.to_bytes(2, "big") + b"holdfast"
    kind = ECHO[family][0]
    total = checksum(bytes([kind, 0, 0, 0]) + body) if family == socket.AF_INET else 0
    return bytes([kind, 0]) + total.to_bytes(2, "big") + body


def answered(family, packet):
    """The number of the request; None where it is no answer to one of this process."""
    if family == socket.AF_INET:
        packet = packet[(packet[0] & 0x0F) * 4 :]
    if len(packet) < 8 or packet[0] != ECHO[family][1] or int.from_bytes(packet[4:6], "big") != IDENTITY:
        return None
    return int.from_bytes(packet[6:8], "big")


class Matrix:
    def __init__(self, namespaces):
        self.sockets, self.homes = {}, {}
        self.poll = select.epoll()
        self.number = 0
        for namespace in namespaces:
            enter(namespace)
            for family in ECHO:
                sock = echo_socket(family)
                self.sockets[namespace, family] = sock
                self.homes[sock.fileno()] = (namespace, family, sock)
                self.poll.register(sock.fileno(), select.EPOLLIN)

    def look(self, asks, wait, tries):
        heard = {namespace: [] for namespace in asks}
        self.pending = {}
        self.hear(heard, 0)  # What came since the last look is of nobody who is asked now.
        missing = {(namespace, address) for namespace, addresses in asks.items() for address in addresses}
        for _ in range(tries):
            self.ask(sorted(missing), heard)
            end = time.monotonic() + wait / tries
            while self.pending and (left := end - time.monotonic()) > 0:
                self.hear(heard, left)
                missing -= {(namespace, address) for namespace in heard for address in heard[namespace]}
                if not missing:
                    return heard
        return heard

    def ask(self, targets, heard):
        for index, (namespace, address) in enumerate(targets):
            family = socket.AF_INET6 if ":" in address else socket.AF_INET
            # A number of its own for each, so that a late answer of an earlier look counts for nothing.
            self.number = (self.number + 1) & 0xFFFF
            try:
                self.sockets[namespace, family].sendto(request(family, self.number), (address, 0))
                self.pending[namespace, self.number] = address
            except OSError:
                pass  # No way there: that is no answer, too.
            # All at once would be more than a server's socket holds.
            if index % SLICE == SLICE - 1:
                self.hear(heard, PAUSE)

    def hear(self, heard, patience):
        for descriptor, _ in self.poll.poll(patience):
            namespace, family, sock = self.homes[descriptor]
            for packet in received(sock):
                address = self.pending.pop((namespace, answered(family, packet)), None)
                if address is not None:
                    heard[namespace].append(address)


def received(sock):
    while True:
        try:
            yield sock.recv(2048)
        except BlockingIOError:
            return
        except OSError:
            continue  # An error of the network's, told once.


def main(namespaces):
    matrix = Matrix(namespaces)
    for line in sys.stdin:
        asked = json.loads(line)
        print(json.dumps(matrix.look(asked["asks"], asked["wait"], asked["tries"])), flush=True)


main(sys.argv[1:])

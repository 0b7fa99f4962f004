"""Asks many addresses from many machines at once, out of one process with a socket in each of their networks.

Reads a line of JSON for each look: {"wait": SECONDS, "asks": {NAMESPACE: [ADDRESS, ...]}}. Prints a line of JSON when all have
answered, or after that time: {NAMESPACE: [ADDRESS, ...]} with those that did, once for each namespace that was asked.

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
# ICMPv6 sockets filter by type (RFC 3542, 3.2): all but the bits that are set here is let through.
ICMP6_FILTER = 1
IDENTITY = os.getpid() & 0xFFFF

libc = ctypes.CDLL(None, use_errno=True)


def enter(namespace):
    with open(f"/run/netns/{namespace}") as handle:
        if libc.setns(handle.fileno(), CLONE_NEWNET) != 0:
            raise OSError(ctypes.get_errno(), f"cannot enter {namespace}")


def echo_socket(family):
    if family == socket.AF_INET:
        return socket.socket(family, socket.SOCK_RAW | socket.SOCK_NONBLOCK, socket.IPPROTO_ICMP)
    sock = socket.socket(family, socket.SOCK_RAW | socket.SOCK_NONBLOCK, socket.IPPROTO_ICMPV6)
    words = [0xFFFFFFFF] * 8
    words[129 // 32] &= ~(1 << (129 % 32))
    sock.setsockopt(socket.IPPROTO_ICMPV6, ICMP6_FILTER, struct.pack("=8I", *words))
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

    def look(self, asks, wait):
        heard = {namespace: [] for namespace in asks}
        pending = {}
        for namespace, addresses in asks.items():
            for address in addresses:
                family = socket.AF_INET6 if ":" in address else socket.AF_INET
                # A number of its own for each, so that a late answer of an earlier look counts for nothing.
                self.number = (self.number + 1) & 0xFFFF
                try:
                    self.sockets[namespace, family].sendto(request(family, self.number), (address, 0))
                    pending[namespace, self.number] = address
                except OSError:
                    pass  # No way there: that is no answer, too.
        end = time.monotonic() + wait
        while pending and (left := end - time.monotonic()) > 0:
            for descriptor, _ in self.poll.poll(left):
                namespace, family, sock = self.homes[descriptor]
                for packet in received(sock):
                    address = pending.pop((namespace, answered(family, packet)), None)
                    if address is not None:
                        heard[namespace].append(address)
        return heard


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
        print(json.dumps(matrix.look(asked["asks"], asked["wait"])), flush=True)


main(sys.argv[1:])

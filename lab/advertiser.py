#!/usr/bin/python3
"""Says that it owns a virtual router: a stranger with the same number, or somebody who means harm.

advertiser.py SOURCE VRID PRIORITY ADDRESS DESTINATION...

Sends an advert of VRRP version 3 (RFC 9568, 5.1) for ADDRESS to each destination every 100 ms for at most a minute.
"""

import socket
import struct
import sys
import time

PROTOCOL = 112
INTERVAL = 0.1
LONGEST = 60


def checksum(data: bytes) -> int:
    """Of the Internet (RFC 1071); `data` has an even length."""
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def advert(source: str, destination: str, vrid: int, priority: int, address: str) -> bytes:
    def header(check: int) -> bytes:
        hundredths = int(INTERVAL * 100)
        return struct.pack("!BBBBHH", 0x31, vrid, priority, 1, hundredths, check) + socket.inet_aton(address)

    size = len(header(0))
    pseudo = socket.inet_aton(source) + socket.inet_aton(destination) + struct.pack("!HH", PROTOCOL, size)
    return header(checksum(pseudo + header(0)))


def main() -> None:
    source, vrid, priority, address, *destinations = sys.argv[1:]
    sender = socket.socket(socket.AF_INET, socket.SOCK_RAW, PROTOCOL)
    sender.setsockopt(socket.IPPROTO_IP, socket.IP_TTL, 255)
    sender.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_TTL, 255)
    sender.bind((source, 0))
    end = time.monotonic() + LONGEST
    while time.monotonic() < end:
        for destination in destinations:
            sender.sendto(advert(source, destination, int(vrid), int(priority), address), (destination, 0))
        time.sleep(INTERVAL)


main()

"""Keeps every processor busy, at ordinary priority, for SECONDS or until whoever started it ends.

usage: busy_loops.py SECONDS
"""

import ctypes
import os
import signal
import sys
import time

PR_SET_PDEATHSIG = 1


def busy(libc, parent, processor, until):
    libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    os.sched_setaffinity(0, {processor})
    while os.getppid() == parent and time.monotonic() < until:
        for _ in range(10_000):
            pass


def main():
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    until = time.monotonic() + float(sys.argv[1])
    parent = os.getpid()
    for processor in sorted(os.sched_getaffinity(0)):
        if os.fork() == 0:
            try:
                busy(libc, parent, processor, until)
            finally:
                os._exit(0)
    print("ready", flush=True)
    while time.monotonic() < until:
        try:
            os.wait()
        except ChildProcessError:
            return


main()

"""Sleeps a millisecond at a time on every processor and says when one woke it late: nobody could have run there then.

One sleeper a processor and a priority: 0 is ordinary, any other is of SCHED_RR (sched(7)), where only the kernel and
what is of higher priority comes before it. Prints a line a stall: `PRIORITY PROCESSOR UNTIL MILLISECONDS`, UNTIL in
milliseconds since 1970. The first stall that it could miss is one of less than LEAST milliseconds.

usage: timer_stalls.py LEAST PRIORITY...
"""

import ctypes
import gc
import os
import signal
import sys
import time

PR_SET_PDEATHSIG, MCL_CURRENT, MCL_FUTURE = 1, 1, 2
STEP = 0.001


def sleeper(libc, parent, processor, priority, least):
    libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        return
    os.sched_setaffinity(0, {processor})
    if priority > 0:
        os.sched_setscheduler(0, os.SCHED_RR, os.sched_param(priority))
    libc.mlockall(MCL_CURRENT | MCL_FUTURE)  # Its own page faults are nobody's stall.
    gc.disable()
    last = time.monotonic()
    while True:
        time.sleep(STEP)
        now = time.monotonic()
        late = (now - last - STEP) * 1000
        if late >= least:
            os.write(1, b"%d %d %.3f %.3f\n" % (priority, processor, time.time() * 1000, late))
            now = time.monotonic()  # Whoever reads may be slow; that is no stall.
        last = now


def main():
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    least = float(sys.argv[1])
    parent = os.getpid()
    for priority in map(int, sys.argv[2:]):
        for processor in sorted(os.sched_getaffinity(0)):
            if os.fork() == 0:
                try:
                    sleeper(libc, parent, processor, priority, least)
                finally:
                    os._exit(1)
    print("ready", flush=True)
    _, status = os.wait()  # None of them ends by itself: one that does has said why.
    sys.exit(f"a sleeper ended (status {status})")


main()

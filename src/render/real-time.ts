/**
 * Who goes before whom when processors are short (SCHED_RR of sched(7), 1 to 99, higher first). Whoever starts a program
 * gives it its priority: keepalived's own `vrrp_rt_priority` comes with a limit of processor time (RLIMIT_RTTIME, 10 ms)
 * past which the kernel ends it.
 */
export const realTimePriorities = {
  /** Behind what they measure; in front of everything ordinary, or they would measure their own waiting. */
  echoRequests: 10,
  /** The kernel's news must find a listener, or a session that begins is heard of late; a burst of them must not delay adverts. */
  conntrackd: 20,
  /** An advert that is late is a failover. */
  keepalived: 40,
} as const;

/** The command that runs `argv` with a real-time priority: chrt(1) becomes the program, so its process is the program's. */
export const atRealTime = (priority: number, argv: readonly string[]): string[] => [
  "chrt",
  "--rr",
  String(priority),
  ...argv,
];

/**
 * The same where it is permitted. A container without CAP_SYS_NICE runs the program without, and the program's log says
 * so: late adverts are better than none. The shell sees fixed words alone; what it runs are its arguments.
 */
export const atRealTimeIfPermitted = (priority: number, argv: readonly string[]): string[] => [
  "/bin/sh",
  "-c",
  'chrt --rr "$0" true && exec chrt --rr "$0" "$@"; echo "$1 runs without real-time priority" >&2; exec "$@"',
  String(priority),
  ...argv,
];

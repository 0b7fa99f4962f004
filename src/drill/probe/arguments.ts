/** What every probe is told on its command line: `ADDRESS PORT GREETING INTERVAL [SESSIONS]`. */
export type Greeting = "openflow" | "echo" | "none";

export interface ProbeArguments {
  readonly address: string;
  readonly port: number;
  /** What is spoken there: a controller greets by itself, an echo server repeats what it is sent; `none`: nothing is known. */
  readonly greeting: Greeting;
  /** Milliseconds between two probes. */
  readonly interval: number;
  /** Sessions held at the same time; only the session probe heeds it. */
  readonly sessions: number;
}

export const toArgv = (probe: ProbeArguments): string[] => [
  probe.address,
  String(probe.port),
  probe.greeting,
  String(probe.interval),
  String(probe.sessions),
];

export function fromArgv(argv: readonly string[]): ProbeArguments {
  const [address = "", port, greeting, interval, sessions = "1"] = argv;
  if (greeting !== "openflow" && greeting !== "echo" && greeting !== "none")
    throw new Error(`greeting ${greeting}: openflow, echo or none`);
  return { address, port: Number(port), greeting, interval: Number(interval), sessions: Number(sessions) };
}

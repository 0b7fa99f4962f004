import { parseArgs } from "node:util";
import { leastLength } from "./packet-in.js";

/** What the generator is to do. */
export interface Plan {
  readonly address: string;
  readonly port: number;
  readonly switches: number;
  /** The first switch's datapath id; each next one has the next. */
  readonly base: bigint;
  readonly version: 1 | 4;
  /** Bytes of a PACKET_IN. */
  readonly size: number;
  /** Messages a second, of all switches together; null where each keeps `window` of them unanswered. */
  readonly rate: number | null;
  readonly window: number;
  /** Seconds in which messages count, and that pass before. */
  readonly seconds: number;
  readonly warmUp: number;
  /** Milliseconds until a session that ended is opened again. */
  readonly retry: number;
  /** Addresses that the switches have, in turn; none where the system chooses. */
  readonly sources: readonly string[];
  readonly transcript: string | null;
}

export const usage =
  "ADDRESS PORT [--switches N] [--base DATAPATH] [--openflow 1.0|1.3] [--size BYTES] [--rate N | --window N] " +
  "[--seconds N] [--warm-up N] [--retry MILLISECONDS] [--sources ADDRESS,...] [--transcript DIRECTORY]";

/** @throws where a word is none of these, or a number is out of range */
export function planOf(argv: readonly string[]): Plan {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      ...{ switches: { type: "string", default: "1" }, base: { type: "string", default: "1" } },
      ...{ openflow: { type: "string", default: "1.3" }, size: { type: "string", default: "128" } },
      ...{ rate: { type: "string" }, window: { type: "string", default: "1" } },
      ...{ seconds: { type: "string", default: "10" }, "warm-up": { type: "string", default: "0" } },
      ...{ retry: { type: "string", default: "100" } },
      ...{ sources: { type: "string" }, transcript: { type: "string" } },
    },
  });
  const [address = "", port = ""] = positionals;
  if (address === "" || positionals.length !== 2) throw new Error(usage);
  const version = { "1.0": 1, "1.3": 4 }[values.openflow] as 1 | 4 | undefined;
  if (version === undefined) throw new Error(`OpenFlow ${values.openflow}: 1.0 or 1.3`);
  return {
    ...{ address, version, base: BigInt(values.base), transcript: values.transcript ?? null },
    port: within("port", port, 1, 65_535),
    switches: within("switches", values.switches, 1, 4_096),
    size: within("size", values.size, leastLength(version), 65_535),
    rate: values.rate === undefined ? null : within("rate", values.rate, 0, 1_000_000),
    window: within("window", values.window, 1, 65_536),
    seconds: within("seconds", values.seconds, 0.1, 86_400),
    warmUp: within("warm-up", values["warm-up"], 0, 3_600),
    retry: within("retry", values.retry, 0, 60_000),
    sources: values.sources?.split(",") ?? [],
  };
}

function within(name: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (text === "" || !(value >= least && value <= most))
    throw new Error(`--${name} ${text}: ${least} to ${most}`);
  return value;
}

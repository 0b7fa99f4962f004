import type { Lab } from "../../lab/lab.js";
import { replyFrom } from "../probe-log.js";
import { collect, type Probe, pauseProbe } from "../probes.js";
import { outage } from "../series.js";

/** Milliseconds between two echo requests from one client to another. */
const interval = 50;
/** Milliseconds within which an answer is one of now. */
const recent = 300;

export interface Target {
  /** A machine of the lab. */
  readonly client: string;
  /** A fixed one. */
  readonly address: string;
}

/** Echo requests from each of some clients to all the others, for as long as a drill lasts. */
export interface Echoes {
  /** Whether `from` has had no answer of `to` lately. */
  isSilent(from: Target, to: Target, now: number): boolean;
  /** The longest silence between two moments, milliseconds since 1970. */
  silence(from: Target, to: Target, begin: number, end: number): number;
  /** That of the first client's own loopback address. */
  noise(begin: number, end: number): number;
  stop(): Promise<void>;
}

export async function startEchoes(lab: Lab, targets: readonly Target[]): Promise<Echoes> {
  const started: Probe<unknown>[] = [];
  const stop = async (): Promise<void> => void (await Promise.all(started.map((probe) => probe.stop())));
  try {
    const heard = new Map<string, Probe<{ address: string; at: number }>>();
    for (const { client } of targets) {
      const others = targets.filter((each) => each.client !== client).map(({ address }) => address);
      const argv = ["fping", "-D", "-l", "-i", "1", "-p", String(interval), "-t", "1000", ...others];
      const probe = collect(await lab.machine(client).spawn(argv), replyFrom);
      started.push(probe);
      heard.set(client, probe);
    }
    const pauses = await pauseProbe(lab.machine(targets[0]?.client ?? ""));
    started.push(pauses);
    const answers = (from: Target, to: Target): number[] =>
      (heard.get(from.client)?.seen ?? []).flatMap(({ address, at }) => (address === to.address ? [at] : []));
    return {
      isSilent: (from, to, now) => now - (answers(from, to).at(-1) ?? 0) > recent,
      silence: (from, to, begin, end) => outage(answers(from, to), interval, begin, end),
      noise: (begin, end) => outage(pauses.seen, 1, begin, end),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

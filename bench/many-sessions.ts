import { setTimeout as sleep } from "node:timers/promises";
import type { Machine } from "../src/lab/lab.js";
import { program } from "../src/lab/program.js";

/** Addresses of the client, as many switches would have. */
const [firstSource, sources] = ["10.0.1.130", 100];

/** Milliseconds in which all sessions are to be up. */
const upWithin = 60_000;

/** Sessions of one client machine, all held by one program. */
export interface Crowd {
  /** Resolves once every session was answered. */
  up(signal: AbortSignal): Promise<void>;
  /** All say something; resolves when all that are left were answered, or `patience` milliseconds have passed. */
  speak(patience: number, signal: AbortSignal): Promise<Answers>;
  /** When each session that is over ended, in milliseconds since 1970. */
  readonly ended: readonly number[];
  /** Ends them all. */
  stop(): Promise<void>;
}

interface Answers {
  readonly answered: number;
  /** When the last of them was, in milliseconds since 1970. */
  readonly last: number;
}

const nobody: Answers = { answered: 0, last: Number.POSITIVE_INFINITY };

const toAnswers = (answered: number, seconds: number): Answers =>
  answered === 0 ? nobody : { answered, last: seconds * 1_000 };

/** All of them. */
export const sourceAddresses: readonly string[] = Array.from({ length: sources }, (_, index) => {
  const [network, host] = [
    firstSource.slice(0, firstSource.lastIndexOf(".")),
    Number(firstSource.split(".")[3]),
  ];
  return `${network}.${host + index}`;
});

/** Gives the machine the addresses from which the sessions come. */
export async function addSources(client: Machine): Promise<void> {
  const batch = sourceAddresses.map((address) => `address add ${address}/24 dev eth1\n`);
  const { exitCode, stderr } = await client.exec(["ip", "-batch", "-"], { stdin: batch.join("") });
  if (exitCode !== 0) throw new Error(stderr);
}

export async function gather(
  client: Machine,
  { address, port, sessions }: { readonly address: string; readonly port: number; readonly sessions: number },
): Promise<Crowd> {
  const argv = [program.manySessions, address, port, firstSource, sources, sessions].map(String);
  const running = await client.spawn(["/usr/bin/python3", "-B", ...argv]);
  let isUp = false;
  const ended: number[] = [];
  let [number, answers] = [1, null as Answers | null];
  running.onLine((line) => {
    const [event, ...words] = line.split(" ");
    if (event === "up") isUp = true;
    if (event === "lost") ended.push(Number(words[0]) * 1_000);
    if (event === "answered" && Number(words[0]) === number)
      answers = toAnswers(Number(words[1]), Number(words[2]));
  });
  const until = async (holds: () => boolean, patience: number, signal: AbortSignal): Promise<boolean> => {
    for (const end = Date.now() + patience; !holds(); await sleep(5, undefined, { signal }))
      if (Date.now() > end) return false;
    return true;
  };
  return {
    ended,
    async up(signal) {
      if (!(await until(() => isUp && ended.length === 0, upWithin, signal)))
        throw new Error(`not all of ${sessions} sessions came up: ${ended.length} were refused`);
    },
    async speak(patience, signal) {
      [number, answers] = [number + 1, null];
      process.kill(running.pid, "SIGUSR1");
      await until(() => answers !== null || ended.length === sessions, patience, signal);
      return answers ?? nobody;
    },
    stop: async () => void (await running.stop()),
  };
}

import { setTimeout as sleep } from "node:timers/promises";
import type { Bar, Bench, BenchOptions } from "./bench.js";
import { spread } from "./statistics.js";
import { fixedAddress, serverNames, VpnStage } from "./vpn-stage.js";

/** Milliseconds for which all goes well before a server loses its power. */
const calm = 3_000;

interface Loss {
  /** From the loss of power to the first answer. */
  readonly fixed: number;
  readonly other: number;
  /** From the client being up on another server to the first answer to a client of a third one. */
  readonly part: number;
}

/** Each server in turn loses its power under a client with a fixed address and one without, which both talk to another server's. */
export const vpnServerKilled: Bench = {
  name: "vpn-server-killed",
  summary: "how soon the clients of a VPN server without power reach everyone through another one",
  runs: 9,
  run(options) {
    options.progress("starting three servers");
    return VpnStage.during((stage) => measure(stage, options));
  },
};

async function measure(stage: VpnStage, { runs, progress, signal }: BenchOptions): Promise<Bar[]> {
  await stage.settled(signal);
  const losses: Loss[] = [];
  for (let run = 0; run < runs; run++) {
    progress(`run ${run + 1} of ${runs}`);
    losses.push(await lose(stage, run, signal));
  }
  return bars(losses);
}

async function lose(stage: VpnStage, run: number, signal: AbortSignal): Promise<Loss> {
  const [victim = "", heir = "", far = ""] = [0, 1, 2].map(
    (step) => serverNames[(run + step) % serverNames.length],
  );
  await placed(stage, { host1: victim, host3: victim, host2: far }, signal);
  const fixed = await stage.stream("host2", fixedAddress.host1);
  const other = await stage.stream("host3", fixedAddress.host2);
  for (const stream of [fixed, other])
    await stage.until(
      "all is well",
      async () => ((await stream.answers()).length > 100 ? true : null),
      signal,
    );
  const struck = await stage.powerOff(victim);
  // What was on its way comes meanwhile; no client looks elsewhere so soon.
  const after = (moments: readonly number[]) => moments.find((moment) => moment > struck + 1_000) ?? null;
  const moved = await stage.until("host1 is up elsewhere", () => stage.up("host1", struck), signal);
  const back = await stage.until("host1 is reached", async () => after(await fixed.answers()), signal);
  const reaches = await stage.until("host3 reaches", async () => after(await other.answers()), signal);
  for (const stream of [fixed, other])
    if ((await stream.answers()).some((moment) => moment > struck + 500 && moment < struck + 1_000))
      throw new Error(`answers came by way of ${victim}, which had no power`);
  await stage.powerOn(victim);
  await stage.settled(signal);
  if (moved.server !== heir && moved.server !== far) throw new Error(`host1 came up on ${moved.server}`);
  return { fixed: back - struck, other: reaches - struck, part: back - moved.at };
}

/**
 * Has each client be up on its server, and stay there for a while: on a busy machine one may lose a server that has its power,
 * and go to another one, where the loss of that power would not concern it.
 */
async function placed(
  stage: VpnStage,
  places: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<void> {
  const wanted = Object.entries(places);
  for (let tries = 0; tries < 5; tries++) {
    for (const [index, [name, server]] of wanted.entries())
      await stage.place(name, index + 1, server, signal);
    await sleep(calm, undefined, { signal });
    const stayed = await Promise.all(
      wanted.map(async ([name, server]) => (await stage.up(name, 0))?.server === server),
    );
    if (stayed.every(Boolean)) return;
  }
  throw new Error(`the clients do not stay on their servers: ${JSON.stringify(places)}`);
}

function bars(losses: readonly Loss[]): Bar[] {
  const of = (name: string, atMost: number, pick: (loss: Loss) => number): Bar => {
    const figures = losses.map(pick);
    return {
      ...{ name, atMost, figure: Math.max(...figures), unit: "ms" },
      detail: `median ${spread(figures)}, ${figures.length} runs, each server in turn`,
      runs: { counted: figures, apart: [] },
    };
  };
  return [
    of(
      "VPN server without power, its client with a fixed address reached again (worst)",
      4_500,
      ({ fixed }) => fixed,
    ),
    of("VPN server without power, its other client reaches again (worst)", 4_500, ({ other }) => other),
    of("that client up on another server, reached from a third (worst)", 150, ({ part }) => part),
  ];
}

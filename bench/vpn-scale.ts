import { setTimeout as sleep } from "node:timers/promises";
import type { Bar, Bench, BenchOptions } from "./bench.js";
import { median, spread } from "./statistics.js";
import { networkOf, type ScaleServer, ScaleStage } from "./vpn-scale-stage.js";
import type { WatchCost } from "./vpn-scale-watch.js";

const servers = 8;
const [few, many] = [1_000, 10_000] as const;
/** Milliseconds until what does not happen is not waited for any more; and for which nothing happens. */
const [patience, calm] = [120_000, 5_000] as const;
/**
 * Reconnects of a batch, milliseconds between two, and batches of so many milliseconds. Each reconnect is four events: a
 * goodbye, a login, an address, a number.
 */
const batch = { reconnects: 50, pause: 10, events: 4, count: 9, window: 1_000 } as const;

/** Milliseconds of processor for one event of one client: of the watch that hears it from OpenVPN, and of another server's. */
interface EventCost {
  readonly own: readonly number[];
  readonly other: readonly number[];
}

interface Death {
  /** Milliseconds until the last of a server's routes was gone from the others, and until all stood everywhere again. */
  readonly gone: number;
  readonly back: number;
  readonly own: number;
  /** Milliseconds of BIRD's processor on another server, for each route that went. */
  readonly bird: number;
}

/** Eight servers, each with 10,000 clients that all have a host route on every server. */
export const vpnScale: Bench = {
  name: "vpn-scale",
  summary: `${servers} VPN servers with ${many} roaming clients each: ${servers * many} host routes in every kernel`,
  runs: 5,
  async run(options) {
    options.progress("making eight machines");
    const stage = await ScaleStage.open(networkOf(servers, many));
    try {
      return await measure(stage, options);
    } finally {
      await stage[Symbol.asyncDispose]();
    }
  },
};

async function measure(stage: ScaleStage, { runs, progress, signal }: BenchOptions): Promise<Bar[]> {
  const all = stage.servers;
  const bare = new Map<ScaleServer, number>();
  for (const server of all) bare.set(server, await server.prefixes());
  /** Of a server that has its own and everybody's: host routes, and the other servers' ranges. */
  const full = (clients: number) => (prefixes: number, server: ScaleServer) =>
    prefixes === (bare.get(server) ?? 0) + servers * clients + servers - 1;

  const begun = performance.now();
  for (const server of all) server.start(few);
  const started = (await stage.until(all, full(few), { patience, signal })) - begun;
  progress(`${servers * few} routes everywhere after ${(started / 1_000).toFixed(1)} s`);
  const small = await eventCost(stage, { progress, signal });

  const grown = performance.now();
  await Promise.all(all.map((server) => server.say(`/clients/${many}`)));
  const filled = (await stage.until(all, full(many), { patience, signal })) - grown;
  progress(`${servers * many} routes everywhere after ${(filled / 1_000).toFixed(1)} s`);
  await sleep(calm, undefined, { signal });
  for (const server of all) await showRoutes(server, progress);
  const large = await eventCost(stage, { progress, signal });
  const idle = await shares(all, signal);

  const deaths: Death[] = [];
  for (let run = 0; run < runs; run++) {
    const victim = all[(all.length - 1 - run + all.length * runs) % all.length];
    if (victim === undefined) throw new Error("no server");
    const others = all.filter((server) => server !== victim);
    const before = await birdTime(others);
    const struck = await victim.powerOff();
    const less = (prefixes: number, server: ScaleServer) => full(many)(prefixes + many + 1, server);
    const gone = (await stage.until(others, less, { patience, signal })) - struck;
    const bird = ((await birdTime(others)) - before) / others.length / many;
    await sleep(calm, undefined, { signal });
    const returned = await victim.powerOn(many);
    const back = (await stage.until(others, full(many), { patience, signal })) - returned;
    const own = (await stage.until([victim], full(many), { patience, signal })) - returned;
    deaths.push({ gone, back, own, bird });
    progress(
      `run ${run + 1} of ${runs}: gone ${gone.toFixed(0)} ms, back ${back.toFixed(0)} ms, own ${own.toFixed(0)} ms`,
    );
    await sleep(calm, undefined, { signal });
  }
  const costs = await Promise.all(all.map((server) => server.cost()));
  const birds = await Promise.all(all.map((server) => server.bird()));
  return bars({ deaths, small, large, idle, costs, birds, filled });
}

/** As `vpn status` does. @throws where they are not all */
async function showRoutes(server: ScaleServer, progress: BenchOptions["progress"]): Promise<void> {
  const began = performance.now();
  const { length } = await server.routes();
  const all = servers * many + servers - 1;
  if (length !== all) throw new Error(`${server.name} tells of ${length} routes, not of ${all}`);
  progress(`${server.name} tells of ${length} routes after ${(performance.now() - began).toFixed(0)} ms`);
}

const birdTime = async (all: readonly ScaleServer[]): Promise<number> =>
  (await Promise.all(all.map((server) => server.bird()))).reduce((sum, { cpu }) => sum + cpu, 0);

/** By batches; what the watches would have taken anyway is taken off. */
async function eventCost(
  { servers: [first, second] }: ScaleStage,
  { progress, signal }: Pick<BenchOptions, "progress" | "signal">,
): Promise<EventCost> {
  if (first === undefined || second === undefined) throw new Error("no server");
  const { reconnects, pause, events, count, window } = batch;
  const look = async () => [(await first.cost()).cpu, (await second.cost()).cpu] as const;
  const spent = async (words: string | null) => {
    const [before, began] = [await look(), performance.now()];
    if (words !== null) await first.say(words);
    await sleep(Math.max(0, window - (performance.now() - began)), undefined, { signal });
    const [after, took] = [await look(), performance.now() - began];
    return { own: after[0] - before[0], other: after[1] - before[1], took };
  };
  const costs: { own: number[]; other: number[] } = { own: [], other: [] };
  // The first pays for compilers.
  for (let each = -1; each < count; each++) {
    const idle = await spent(null);
    const busy = await spent(`/reconnect/${reconnects}/${pause}`);
    if (each < 0) continue;
    const cost = (of: "own" | "other") =>
      (busy[of] - (idle[of] * busy.took) / idle.took) / (reconnects * events);
    costs.own.push(cost("own"));
    costs.other.push(cost("other"));
  }
  progress(`an event: ${spread(costs.own, 3)} ms of processor here, ${spread(costs.other, 3)} elsewhere`);
  return costs;
}

interface Share {
  readonly watch: number;
  readonly programs: number;
  readonly bird: number;
}

/** What each server takes of one processor in percent while nothing happens. */
async function shares(all: readonly ScaleServer[], signal: AbortSignal): Promise<Share[]> {
  const look = () =>
    Promise.all(all.map(async (server) => ({ watch: await server.cost(), bird: await server.bird() })));
  const [before, began] = [await look(), performance.now()];
  await sleep(3 * calm, undefined, { signal });
  const [after, took] = [await look(), performance.now() - began];
  return after.map(({ watch, bird }, place) => ({
    watch: (100 * (watch.cpu - (before[place]?.watch.cpu ?? 0))) / took,
    programs: (100 * (watch.programs - (before[place]?.watch.programs ?? 0))) / took,
    bird: (100 * (bird.cpu - (before[place]?.bird.cpu ?? 0))) / took,
  }));
}

interface Measured {
  readonly deaths: readonly Death[];
  readonly small: EventCost;
  readonly large: EventCost;
  readonly idle: readonly Share[];
  readonly costs: readonly WatchCost[];
  readonly birds: readonly { readonly resident: number }[];
  readonly filled: number;
}

function bars({ deaths, small, large, idle, costs, birds, filled }: Measured): Bar[] {
  const worst = (name: string, pick: (death: Death) => number): Bar => {
    const figures = deaths.map(pick);
    return {
      ...{ name, figure: Math.max(...figures), unit: "ms", atMost: 5_000 },
      detail: `median ${spread(figures, 0)}, ${figures.length} runs, ${servers * many} routes in each kernel`,
      runs: { counted: figures, apart: [] },
    };
  };
  const most = (name: string, unit: Bar["unit"], atMost: number | null, figures: readonly number[]): Bar => ({
    ...{ name, unit, atMost, figure: Math.max(...figures) },
    detail: `median ${spread(figures)} of ${figures.length} servers`,
  });
  return [
    worst(
      "VPN server without power, the last of its routes gone from the others (worst)",
      ({ gone }) => gone,
    ),
    worst("that server back with its clients, the last route back on the others (worst)", ({ back }) => back),
    worst("that server back, the last of all routes on itself (worst)", ({ own }) => own),
    {
      ...{ name: `cost of a client's event, ${many} clients beside ${few}`, unit: "x", atMost: 1.2 },
      figure: median(large.own) / median(small.own),
      detail: `ms of processor: ${spread(large.own, 3)} and ${spread(small.own, 3)}, ${batch.count} batches of ${batch.reconnects * batch.events} events`,
    },
    {
      ...{ name: "another server's agent, that hears of it", unit: "ms", atMost: null },
      figure: median(large.other),
      detail: `of processor for an event: ${spread(large.other, 3)} and ${spread(small.other, 3)}`,
    },
    {
      ...{ name: "another server's BIRD, for 1,000 routes that go", unit: "ms", atMost: null },
      figure: 1_000 * median(deaths.map(({ bird }) => bird)),
      detail: "of processor, with what the kernel takes for it",
    },
    most(
      "agent's part, most that was resident",
      "MB",
      200,
      costs.map(({ peak }) => peak),
    ),
    most(
      "agent's part while nothing happens, of one core",
      "%",
      null,
      idle.map(({ watch }) => watch),
    ),
    most(
      "programs that it starts meanwhile",
      "%",
      null,
      idle.map(({ programs }) => programs),
    ),
    most(
      "BIRD while nothing happens, of one core",
      "%",
      null,
      idle.map(({ bird }) => bird),
    ),
    most(
      "BIRD, resident",
      "MB",
      null,
      birds.map(({ resident }) => resident),
    ),
    {
      ...{
        name: `${servers * (many - few)} more clients at once, all routes everywhere`,
        unit: "ms",
        atMost: null,
      },
      figure: filled,
      detail: "once: until each kernel had all",
    },
  ];
}

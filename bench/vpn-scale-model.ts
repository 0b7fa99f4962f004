import { percentile } from "../src/drill/percentile.js";
import { numbers } from "../test/lab/random-applies.js";
import type { Bar, Bench } from "./bench.js";

/** What is computed: so many servers, clients of all of them, seconds, and how long a client stays connected (seconds). */
const [servers, clients, seconds, stay] = [100, 1_000_000, 600, 8 * 3_600] as const;
/** Seconds in which the clients of a server without power come elsewhere. */
const rush = 5;

/** Taken from `vpn-scale` and docs/scale.md, on a busy machine: rather too much than too little. */
const measured = {
  /** Milliseconds of an agent's processor, at either end, for one word to one other agent. */
  word: 1.5,
  /** Words of a reconnect: it went, it came. */
  words: 2,
  /** Bytes of an agent for what another server claims, of BIRD for a route, in JSON for a claim. */
  claim: 300,
  route: 360,
  told: 100,
  /** Milliseconds of BIRD's processor, with the kernel's, for one route of a peer's that goes. */
  gone: 0.011,
} as const;

/** On paper: 100 servers and a million clients, of whom some roam with a fixed address. What is not measured is computed here. */
export const vpnScaleModel: Bench = {
  name: "vpn-scale-model",
  summary: `a simulation: ${servers} VPN servers, ${clients.toLocaleString("en")} clients, by the figures of vpn-scale`,
  runs: 1,
  async run({ seed, progress }) {
    progress(`seed ${seed}`);
    return [0.01, 0.1, 1].flatMap((share) => bars(share, seed));
  },
};

/** Milliseconds of work that each agent has left, second after second, one server's death in the middle. */
function simulate(roamers: number, seed: number) {
  const random = numbers(seed);
  const left = Array.from({ length: servers }, () => 0);
  const busy: number[] = [];
  let behind = 0;
  for (let second = 0; second < seconds; second++) {
    const isRush = second >= seconds / 2 && second < seconds / 2 + rush;
    const logins = drawn(roamers / stay, random) + (isRush ? Math.round(roamers / servers / rush) : 0);
    const own = Array.from({ length: servers }, () => 0);
    for (let each = 0; each < logins; each++) {
      const place = Math.floor(random() * servers);
      own[place] = (own[place] ?? 0) + 1;
    }
    for (let place = 0; place < servers; place++) {
      const told = (own[place] ?? 0) * (servers - 1);
      const heard = logins - (own[place] ?? 0);
      const work = (told + heard) * measured.words * measured.word;
      const all = (left[place] ?? 0) + work;
      const rest = Math.max(0, all - 1_000);
      left[place] = rest;
      behind = Math.max(behind, rest);
      if (second < seconds / 2) busy.push(work / 10);
    }
  }
  return { mean: busy.reduce((a, b) => a + b, 0) / busy.length, p99: percentile(busy, 0.99), behind };
}

/** How many of very many come in a second (Poisson, by the normal's approximation where there are many). */
function drawn(mean: number, random: () => number): number {
  if (mean > 30) {
    const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    return Math.max(0, Math.round(mean + Math.sqrt(mean) * normal));
  }
  let [count, product] = [0, random()];
  for (const least = Math.exp(-mean); product > least; product *= random()) count += 1;
  return count;
}

function bars(share: number, seed: number): Bar[] {
  const roamers = clients * share;
  const { mean, p99, behind } = simulate(roamers, seed);
  const who = `${share * 100} % roam`;
  const figure = (name: string, unit: Bar["unit"], value: number, detail: string): Bar => ({
    ...{ name: `${who}: ${name}`, figure: value, unit, atMost: null, detail },
  });
  const others = roamers * (1 - 1 / servers);
  return [
    figure("routes in each kernel", "times", roamers + servers, "host routes, and a range of each server"),
    figure("BIRD of a server", "MB", ((roamers + servers) * measured.route) / 1e6, "routes of one path each"),
    figure(
      "BIRD of a reflector",
      "MB",
      ((roamers + servers) * measured.route * 2) / 1e6,
      "each route also by way of the other one",
    ),
    figure("agent, besides what it has without clients", "MB", (others * measured.claim) / 1e6, "claims"),
    figure(
      "all that an agent hears as it starts",
      "MB",
      (others * measured.told) / 1e6,
      "each other one tells all",
    ),
    figure(
      "BIRD of a server, as another server dies",
      "ms",
      (roamers / servers) * measured.gone,
      "of processor, its kernel's with it",
    ),
    figure(
      "BIRD of a reflector then",
      "ms",
      (roamers / servers) * measured.gone * (servers - 1),
      "of processor, if to pass one on costs as much as to take one",
    ),
    figure("agent busy telling and hearing", "%", mean, `p99 of a second ${p99.toFixed(1)} %, seed ${seed}`),
    figure("agents behind as a server dies", "ms", behind, `its clients come within ${rush} s; no batches`),
  ];
}

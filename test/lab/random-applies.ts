import { edited, example, type Written } from "./topology.js";

/** What an operator changes from day to day. Weights by server name; a server without one is not in its pool. */
export interface Everyday {
  readonly controllers: ReadonlyMap<string, number>;
  readonly collectors: ReadonlyMap<string, number>;
  /** Which of the rules below are written. */
  readonly destinations: ReadonlySet<number>;
  readonly sources: ReadonlySet<number>;
}

const controllers = { c1: "10.0.2.11", c2: "10.0.2.12", c3: "10.0.2.13", c4: "10.0.2.14" };
const collectors = { t1: "10.0.2.21", t2: "10.0.2.22", t3: "10.0.2.23" };
/** The collectors that come and go. A server that is taken out of a `nat` service loses its sessions 2 s later: that is meant. */
const passing = { t3: collectors.t3 };
const destinations = [
  "{ inbound: switches, address: 10.9.9.1, port: 6653, service: openflow }",
  "{ inbound: switches, address: 10.9.9.1, port: 7000, service: telemetry }",
  "{ inbound: switches, address: 10.9.9.2, port: 6633, service: openflow }",
];
const sources = [
  "{ from: 10.0.2.32/28, outbound: switches, translate_to: { virtual_ip: controller-ip } }",
  "{ from: management, outbound: switches, translate_to: { virtual_ip: controller-ip } }",
  "{ from: controllers, outbound: switches, translate_to: { virtual_ip: controller-ip } }",
];

const all = <T>(things: Readonly<Record<string, T>>) => new Map(Object.keys(things).map((name) => [name, 1]));

/** Every server, so that the lab has a machine for each. */
export const everything: Everyday = {
  controllers: all(controllers),
  collectors: all(collectors),
  destinations: new Set([0]),
  sources: new Set([2]),
};

/** Without the servers of the `nat` service that come and go: sessions that begin now can stay. */
export const withoutPassing = (everyday: Everyday): Everyday => ({
  ...everyday,
  collectors: new Map([...everyday.collectors].filter(([name]) => !(name in passing))),
});

/** The pair under a name of the test's own, with a `nat` service beside its proxy. */
export function everydayTopology(name: string, everyday: Everyday): Written {
  const pool = (
    servers: Readonly<Record<string, string>>,
    weights: ReadonlyMap<string, number>,
    port: number,
  ) =>
    [...weights]
      .map(
        ([server, weight]) =>
          `      - { name: ${server}, address: ${servers[server]}, port: ${port}, weight: ${weight} }\n`,
      )
      .join("");
  const rules = (key: string, texts: readonly string[], written: ReadonlySet<number>) => {
    const lines = texts.filter((_, index) => written.has(index)).map((text) => `    - ${text}\n`);
    return lines.length === 0 ? `  ${key}: []\n` : `  ${key}:\n${lines.join("")}`;
  };
  const pair = example("pair", name);
  const services = pair.text.indexOf("    servers:\n");
  const head = pair.text.slice(0, services);
  return edited(pair, [
    pair.text,
    `${head}    servers:
${pool(controllers, everyday.controllers, 6653)}
  - name: telemetry
    listen: { virtual_ip: controller-ip, port: 7000 }
    mode: nat
    balance: source
    health_check: { type: tcp }
    servers:
${pool(collectors, everyday.collectors, 7000)}
nat:
${rules("destination", destinations, everyday.destinations)}${rules("source", sources, everyday.sources)}`,
  ]);
}

/** Numbers from 0 up to 1, the same ones for the same seed (Mulberry32). */
export function numbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** What is, with one change or several; a pool is never left without a server. */
export function nextDay(today: Everyday, random: () => number): Everyday {
  let next = today;
  do next = changes[Math.floor(random() * changes.length)]?.(next, random) ?? next;
  while (isSame(next, today) || random() < 0.3);
  return next;
}

type Change = (today: Everyday, random: () => number) => Everyday;

const changes: readonly Change[] = [
  (today, random) => ({ ...today, controllers: anotherPool(controllers, today.controllers, random) }),
  (today, random) => ({ ...today, controllers: reweighted(today.controllers, random) }),
  (today, random) => ({ ...today, collectors: anotherPool(collectors, today.collectors, random, passing) }),
  (today, random) => ({ ...today, collectors: reweighted(today.collectors, random) }),
  (today, random) => ({ ...today, destinations: toggled(destinations, today.destinations, random) }),
  (today, random) => ({ ...today, sources: toggled(sources, today.sources, random) }),
];

/** Adds a server that is missing, or removes one that is not the last. */
function anotherPool(
  servers: Readonly<Record<string, string>>,
  weights: ReadonlyMap<string, number>,
  random: () => number,
  changing: Readonly<Record<string, string>> = servers,
): Map<string, number> {
  const names = Object.keys(servers);
  const name = Object.keys(changing)[Math.floor(random() * Object.keys(changing).length)] ?? "";
  if (!weights.has(name)) return ordered(names, new Map(weights).set(name, 1 + Math.floor(random() * 10)));
  if (weights.size === 1) return new Map(weights);
  return new Map([...weights].filter(([own]) => own !== name));
}

const ordered = (names: readonly string[], weights: ReadonlyMap<string, number>): Map<string, number> =>
  new Map([...weights].sort(([a], [b]) => names.indexOf(a) - names.indexOf(b)));

function reweighted(weights: ReadonlyMap<string, number>, random: () => number): Map<string, number> {
  const chosen = Math.floor(random() * weights.size);
  const weight = 1 + Math.floor(random() * 10);
  return new Map([...weights].map(([name, own], index) => [name, index === chosen ? weight : own]));
}

function toggled(rules: readonly string[], written: ReadonlySet<number>, random: () => number): Set<number> {
  const chosen = Math.floor(random() * rules.length);
  const others = [...written].filter((rule) => rule !== chosen);
  return new Set(written.has(chosen) ? others : [...others, chosen]);
}

const isSame = (a: Everyday, b: Everyday): boolean => shown(a) === shown(b);

const shown = ({ controllers, collectors, destinations, sources }: Everyday): string =>
  JSON.stringify([[...controllers], [...collectors], [...destinations].sort(), [...sources].sort()]);

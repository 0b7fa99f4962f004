import { type Pool, type PoolServer, poolOf } from "../deploy/pool.js";
import { differencesOf } from "../deploy/pool-differences.js";
import { type LivePool, type LiveServer, parseLivePool } from "../deploy/pool-live.js";
import { textDiff } from "../deploy/text-diff.js";
import type { Deviation } from "./deviation.js";

/**
 * Where HAProxy's servers are not those of a rendered haproxy.cfg, a backend each. A server that only waits for its
 * sessions to end is none.
 *
 * @param answer HAProxy's to `showPool`; throws when it is something else
 */
export function poolDeviations(cfg: string, answer: string): Deviation[] {
  const wanted = poolOf(cfg);
  if (wanted === null) return [];
  const live = parseLivePool(answer);
  const backends = [...new Set([...wanted.keys(), ...live.keys()])].sort();
  return backends.flatMap((backend) => backendDeviation(backend, only(wanted, backend), only(live, backend)));
}

function backendDeviation(backend: string, wanted: Pool, live: LivePool): Deviation[] {
  const differences = differencesOf(wanted, live);
  if (differences.length === 0) return [];
  const servers = wanted.get(backend) ?? [];
  const names = new Set(servers.map(({ name }) => name));
  const running = (live.get(backend) ?? []).filter(({ name, admin }) => names.has(name) || admin === "ready");
  const diff = textDiff(
    { name: "generation", body: lines(backend, servers.map(wantedLine)) },
    { name: "haproxy", body: lines(backend, running.map(liveLine)) },
  );
  return [
    { kind: "pool", what: backend, diff, sentence: differences.map(({ sentence }) => sentence).join(", ") },
  ];
}

/** One backend of a pool, or none where it has none of that name. */
const only = <T>(pool: ReadonlyMap<string, T>, backend: string): Map<string, T> =>
  new Map([...pool].filter(([name]) => name === backend));

/** In one order, but for backups, whose order means something. */
const lines = (backend: string, servers: readonly string[]): string =>
  servers.length === 0 ? "" : `backend ${backend}\n${servers.join("")}`;

const wantedLine = ({ name, endpoint, id, weight, backup }: PoolServer): string =>
  line(name, endpoint, id, weight, backup, "ready", true);

const liveLine = ({ name, endpoint, id, weight, backup, admin, checked }: LiveServer): string =>
  line(name, endpoint, id, weight, backup, admin, checked);

const line = (
  name: string,
  endpoint: string,
  id: number,
  weight: number,
  backup: boolean,
  admin: LiveServer["admin"],
  checked: boolean,
): string =>
  `    server ${name} ${endpoint} id ${id} weight ${weight}${backup ? " backup" : ""} ${admin}${checked ? "" : " unchecked"}\n`;

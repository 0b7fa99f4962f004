import type { Pool, PoolServer } from "./pool.js";
import { poolOf } from "./pool.js";
import { type LivePool, type LiveServer, parseLivePool } from "./pool-live.js";

/** One way in which HAProxy's servers are not those of its file. */
export interface PoolDifference {
  /** What a person is told. */
  readonly sentence: string;
  /** What HAProxy's worker is asked to end it (management guide, 9.3); null: only a reload does. */
  readonly command: string | null;
  /** Takes a server away: not before others are there. */
  readonly removes: boolean;
}

/**
 * Sentences: where HAProxy's servers (its answer to `showPool`) differ from a rendered haproxy.cfg. A server that was
 * taken out of the file and only waits for its sessions to end is no difference. Throws when the answer is none.
 */
export function poolDifferences(cfg: string, answer: string): string[] {
  const wanted = poolOf(cfg);
  if (wanted === null) return [];
  return differencesOf(wanted, parseLivePool(answer)).map(({ sentence }) => sentence);
}

/** In the order in which they are to be ended: whoever leaves goes last. */
export function differencesOf(wanted: Pool, live: LivePool): PoolDifference[] {
  const backends = [...new Set([...wanted.keys(), ...live.keys()])].sort();
  const differences = backends.flatMap((backend): PoolDifference[] => {
    const [servers, running] = [wanted.get(backend), live.get(backend)];
    if (servers === undefined)
      return [unfixable(`HAProxy has the backend ${backend}, which nobody rendered`)];
    if (running === undefined) return [unfixable(`HAProxy lacks the backend ${backend}`)];
    return backendDifferences(backend, servers, running);
  });
  return [...differences.filter(({ removes }) => !removes), ...differences.filter(({ removes }) => removes)];
}

/** A name that somebody gave a server at HAProxy's socket may be no word of a command. */
const plain = /^[A-Za-z0-9_.-]+$/;

const unfixable = (sentence: string): PoolDifference => ({ sentence, command: null, removes: false });
const fixable = (sentence: string, command: string): PoolDifference => ({
  sentence,
  command,
  removes: false,
});

function backendDifferences(
  backend: string,
  servers: readonly PoolServer[],
  running: readonly LiveServer[],
): PoolDifference[] {
  const present = new Map(running.map((server) => [server.name, server]));
  const names = new Set(servers.map(({ name }) => name));
  return [
    ...servers.flatMap((server) => {
      const own = present.get(server.name);
      const place = `${backend}/${server.name}`;
      return own === undefined ? [lacking(place, server, running)] : serverDifferences(place, server, own);
    }),
    ...backupOrder(backend, servers, running),
    ...running
      .filter(({ name, admin }) => !names.has(name) && admin === "ready")
      .map(({ name }) => ({
        sentence: `HAProxy has the server ${backend}/${name}, which nobody rendered`,
        command: plain.test(name) ? `set server ${backend}/${name} state drain` : null,
        removes: true,
      })),
  ];
}

/**
 * A server that HAProxy reads from its file counts as up until a check fails. One that is added starts as down, and
 * gets its first session when its checks have passed: marked down while it drains, it never was open to any.
 */
function lacking(
  place: string,
  { id, settings }: PoolServer,
  running: readonly LiveServer[],
): PoolDifference {
  const sentence = `HAProxy lacks the server ${place}`;
  if (running.some((other) => other.id === id)) return unfixable(sentence);
  return fixable(
    sentence,
    [
      `add server ${place} ${settings}`,
      `enable health ${place}`,
      `set server ${place} state drain`,
      `set server ${place} health down`,
      `set server ${place} state ready`,
    ].join("; "),
  );
}

function serverDifferences(place: string, wanted: PoolServer, live: LiveServer): PoolDifference[] {
  if (live.id !== wanted.id) return [unfixable(`${place} has the id ${live.id} instead of ${wanted.id}`)];
  if (live.backup !== wanted.backup) return [unfixable(`${place} is ${wanted.backup ? "no" : "a"} backup`)];
  return [
    ...(stands(live.endpoint, wanted.endpoint)
      ? []
      : [
          fixable(
            `${place} stands at ${live.endpoint} instead of ${wanted.endpoint}`,
            `set server ${place} addr ${addressAndPort(wanted.endpoint)}`,
          ),
        ]),
    ...(live.weight === wanted.weight
      ? []
      : [
          fixable(
            `${place} has weight ${live.weight} instead of ${wanted.weight}`,
            `set server ${place} weight ${wanted.weight}`,
          ),
        ]),
    ...(live.checked ? [] : [fixable(`${place} is not checked`, `enable health ${place}`)]),
    ...(live.admin === "ready"
      ? []
      : [
          fixable(
            `${place} ${{ drain: "drains", maint: "is in maintenance" }[live.admin]}`,
            `set server ${place} state ready`,
          ),
        ]),
  ];
}

/** Of a server that it reaches by a Unix socket HAProxy does not say where that is; the name of the server is in it. */
const stands = (live: string, wanted: string): boolean =>
  live === wanted || (live === "-:0" && wanted.startsWith("unix@"));

const addressAndPort = (endpoint: string): string => {
  const colon = endpoint.lastIndexOf(":");
  return `${endpoint.slice(0, colon).replace(/^\[|\]$/g, "")} port ${endpoint.slice(colon + 1)}`;
};

/** Of several backups the first in HAProxy's list serves, and a server that is added becomes the last. */
function backupOrder(
  backend: string,
  servers: readonly PoolServer[],
  running: readonly LiveServer[],
): PoolDifference[] {
  const wanted = servers.filter(({ backup }) => backup).map(({ name }) => name);
  const known = running.filter(({ name, backup }) => backup && wanted.includes(name)).map(({ name }) => name);
  const reached = [...known, ...wanted.filter((name) => !known.includes(name))];
  return reached.join() === wanted.join()
    ? []
    : [unfixable(`the backups of ${backend} stand in another order`)];
}

/** Why HAProxy did not do what a command says, or null; it answers in words, with no code. */
export function refusal(command: string, answer: string): string | null {
  const said = answer.trim();
  const expected = command.startsWith("add server ")
    ? /^New server registered\.$/
    : command.startsWith("del server ")
      ? /^Server deleted\.$/
      : / addr /.test(command)
        ? /changed from|no need to change/
        : /^$/;
  return expected.test(said) ? null : `HAProxy refuses '${command}': ${said || "it says nothing"}`;
}

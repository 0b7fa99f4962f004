import type { Host } from "../host/host.js";
import { paths } from "../render/paths.js";
import type { PoolLook } from "./first-verdict.js";
import { type Patience, until } from "./patience.js";
import { type Pool, poolOf } from "./pool.js";
import { differencesOf, type PoolDifference, refusal } from "./pool-differences.js";
import { type LivePool, parseLivePool, showPool } from "./pool-live.js";

/** HAProxy's servers need nothing of a machine but its sockets. */
type Asker = Pick<Host, "ask">;

/** HAProxy's raw answer to `showPool`, or null when nothing answers that could be read. */
export async function readPool(host: Asker): Promise<string | null> {
  try {
    const answer = await host.ask(paths.haproxyAdmin, `${showPool}\n`, answerWithin);
    parseLivePool(answer);
    return answer;
  } catch {
    return null;
  }
}

/** HAProxy's file and its servers; null when there is no file, or nothing answers. */
export async function lookAtPool(host: Pick<Host, "ask" | "read">): Promise<PoolLook | null> {
  const [cfg, answer] = await Promise.all([host.read(paths.haproxyCfg), readPool(host)]);
  return cfg === null || answer === null ? null : { cfg, live: parseLivePool(answer) };
}

/** Milliseconds. */
const answerWithin = 2_000;

/** Somebody else may be at work too, the agent's reaper for instance: what is left is looked at anew. */
const rounds = 3;

/**
 * Makes HAProxy's servers those of `cfg` while it runs: no session ends. Throws in HAProxy's words when it refuses, and
 * when it would have to reload.
 */
export async function changePool(host: Asker, cfg: string, patience: Patience): Promise<void> {
  const wanted = poolOf(cfg);
  if (wanted === null) throw new Error("haproxy.cfg is not one that this program rendered");
  let complaint: string | null = null;
  for (let round = 0; round < rounds; round++) {
    const differences = differencesOf(wanted, await live(host));
    if (differences.length === 0) return;
    complaint = await endAll(host, wanted, differences, patience);
  }
  const left = differencesOf(wanted, await live(host));
  if (left.length === 0) return;
  throw new Error(complaint ?? left.map(({ sentence }) => sentence).join("\n"));
}

const live = async (host: Asker): Promise<LivePool> =>
  parseLivePool(await host.ask(paths.haproxyAdmin, `${showPool}\n`, answerWithin));

/** Ends each difference, up to the first that HAProxy refuses to; returns its words. */
async function endAll(
  host: Asker,
  wanted: Pool,
  differences: readonly PoolDifference[],
  patience: Patience,
): Promise<string | null> {
  let successors = false;
  for (const { sentence, command, removes } of differences) {
    if (command === null) throw new Error(`${sentence}: HAProxy has to reload`);
    if (removes && !successors) {
      successors = true;
      await awaitSuccessors(host, wanted, patience);
    }
    const refused = refusal(command, await host.ask(paths.haproxyAdmin, `${command}\n`, answerWithin));
    if (refused !== null) return refused;
  }
  return null;
}

/**
 * Servers that were just added serve once their checks have passed. A backend that works is not left without a server
 * in the meantime; but when none of the new ones passes in time, what the operator wrote still counts.
 */
const awaitSuccessors = (host: Asker, wanted: Pool, patience: Patience): Promise<void> =>
  until(async () => {
    for (const [backend, running] of await live(host)) {
      const stay = new Set(wanted.get(backend)?.map(({ name }) => name));
      const up = running.filter((server) => server.up);
      if (up.length > 0 && !up.some(({ name }) => stay.has(name))) return `${backend} has no successor yet`;
    }
    return null;
  }, patience).catch(() => undefined);

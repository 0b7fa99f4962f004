import { type Pool, type PoolServer, poolOf } from "./pool.js";
import type { LivePool, LiveServer } from "./pool-live.js";

/** HAProxy's file, and its servers as it runs them. */
export interface PoolLook {
  readonly cfg: string;
  readonly live: LivePool;
}

/** What the health checks have said, since a change, of the services that had a server up before it. */
export interface Verdicts {
  /** Services without a server that is up. */
  readonly dead: readonly string[];
  /** Services with servers that HAProxy takes for up, none of which it has checked as it is now. */
  readonly open: readonly string[];
}

/**
 * HAProxy takes a server that it reads from its file for up until a check fails, and one that got another address for
 * what it was before. A server that stayed as it was is what its checks said.
 *
 * @param elapsed milliseconds since the change
 */
export function verdicts(before: PoolLook, after: PoolLook, elapsed: number): Verdicts {
  const had: Pool = poolOf(before.cfg) ?? new Map();
  const judged = [...(poolOf(after.cfg) ?? [])].flatMap(([service, wanted]) => {
    const was = byName(before.live.get(service));
    const serving = wanted.filter(({ weight }) => weight > 0); // Nobody expects anything of the others.
    if (serving.length === 0 || ![...was.values()].some(({ up }) => up)) return [];

    const is = byName(after.live.get(service));
    const files = byName(had.get(service));
    const sameCheck = checkLines(before.cfg, service) === checkLines(after.cfg, service);
    const isProven = (server: PoolServer): boolean => {
      const [old, now] = [was.get(server.name), is.get(server.name)];
      const moved = old !== undefined && old.endpoint !== server.endpoint;
      if (old?.up && !moved && sameCheck && files.get(server.name)?.fixed === server.fixed) return true;
      return now?.checkPassed === true && (!moved || elapsed >= oneCheck(after.cfg, service, server));
    };
    const up = serving.filter(({ name }) => is.get(name)?.up);
    return [{ service, up: up.length > 0, proven: up.some(isProven) }];
  });
  return {
    dead: judged.filter(({ up }) => !up).map(({ service }) => service),
    open: judged.filter(({ up, proven }) => up && !proven).map(({ service }) => service),
  };
}

/** Milliseconds within which HAProxy has made up its mind about every server of a file. */
export const decidedWithin = (cfg: string): number =>
  Math.max(
    0,
    ...[...(poolOf(cfg) ?? [])].flatMap(([service, servers]) =>
      servers.map(
        ({ fixed }) =>
          figure(/timeout check (\d+)ms/, checkLines(cfg, service)) +
          figure(/inter (\d+)ms/, fixed) * Math.max(figure(/rise (\d+)/, fixed), figure(/fall (\d+)/, fixed)),
      ),
    ),
  );

/** Milliseconds within which a check has begun and ended, whatever was under way before. */
const oneCheck = (cfg: string, service: string, { fixed }: PoolServer): number =>
  figure(/timeout check (\d+)ms/, checkLines(cfg, service)) + figure(/inter (\d+)ms/, fixed);

const figure = (pattern: RegExp, text: string): number => Number(pattern.exec(text)?.[1] ?? 0);

/** How a backend's servers are checked, as far as it is not on their own lines. */
function checkLines(cfg: string, backend: string): string {
  const section = cfg.split(/^(?=\S)/m).find((text) => text.startsWith(`backend ${backend}\n`)) ?? "";
  return section
    .split("\n")
    .filter((line) => /^ {4}(option|timeout check|tcp-check|http-check) ?/.test(line))
    .join("\n");
}

const byName = <Named extends PoolServer | LiveServer>(servers: readonly Named[] = []): Map<string, Named> =>
  new Map(servers.map((server) => [server.name, server]));

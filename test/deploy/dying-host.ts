import type { Host } from "../../src/host/host.js";

const writes = new Set(["stage", "swap", "unstage", "link", "remove"]);
const tells = new Set(["start", "stop", "reload", "restart", "enable", "disable", "reloadUnits"]);

const changesMachine = (key: string, args: readonly unknown[]): boolean => {
  if (writes.has(key) || tells.has(key)) return true;
  const [argv] = args;
  return (
    key === "run" &&
    Array.isArray(argv) &&
    /restore|sysctl -w|ip .*-batch/.test(argv.join(" ")) &&
    !argv.includes("--test")
  );
};

/**
 * A machine whose agent is killed: it does `writes` changes, and the next one (done, or not even begun) is the last
 * thing that it ever tries. Its lock dies with it.
 */
export function dyingAt(
  host: Host,
  after: number,
  isDone: boolean,
): { host: Host; changes: () => number; isDead: () => boolean } {
  let changes = 0;
  let dead = false;
  const killed = () => new Error("the agent was killed");
  const wrap = (target: object): object =>
    new Proxy(target, {
      get(_target, key) {
        const value: unknown = Reflect.get(target, key);
        if (key === "services" && typeof value === "object" && value !== null) return wrap(value);
        if (key === "lock") return (work: () => Promise<unknown>) => work();
        if (typeof value !== "function") return value;
        if (key === "now") return value.bind(target);
        return async (...args: unknown[]) => {
          if (dead) throw killed();
          const dies = changesMachine(String(key), args) && changes++ === after;
          dead ||= dies;
          if (dies && !isDone) throw killed();
          const result: unknown = await value.apply(target, args);
          if (dead) throw killed();
          return result;
        };
      },
    });
  return { host: wrap(host) as Host, changes: () => changes, isDead: () => dead };
}

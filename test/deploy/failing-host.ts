import type { Host } from "../../src/host/host.js";

/** `before`: it fails and does nothing. `after`: it does its work and the answer is lost. `crash`: so does all that follows. */
export type Failure = "before" | "after" | "crash";

/** The same host, whose operation number `at` (from 0) fails. `count()` says how many there were. */
export function failingAt(host: Host, at: number, failure: Failure): { host: Host; count: () => number } {
  let operation = 0;
  const wrap = (target: object): object =>
    new Proxy(target, {
      get(_target, key) {
        const value: unknown = Reflect.get(target, key);
        if (key === "services" && typeof value === "object" && value !== null) return wrap(value);
        if (typeof value !== "function" || key === "lock" || key === "now")
          return typeof value === "function" ? value.bind(target) : value;
        return async (...args: unknown[]) => {
          const mine = operation++;
          const fault = new Error(`operation ${mine} (${String(key)}) failed`);
          if (failure === "crash" ? mine >= at : mine === at && failure === "before") throw fault;
          const result: unknown = await value.apply(target, args);
          if (mine === at && failure === "after") throw fault;
          return result;
        };
      },
    });
  return { host: wrap(host) as Host, count: () => operation };
}

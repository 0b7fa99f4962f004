import type { Handlers } from "../../../src/agent/server/handlers.js";
import type { Route } from "../../../src/api/route.js";
import { routes } from "../../../src/api/routes.js";

/** Every route answered with as little as its kind allows, except those that a test has something to say about. */
export function handlersWith(own: Partial<Handlers>): Handlers {
  const table: readonly [string, Route][] = Object.entries(routes);
  const plain = table.map(([name, { answer }]) => {
    if (answer.kind === "events") return [name, async function* () {}];
    return [name, () => (answer.kind === "json" ? {} : "fine\n")];
  });
  return { ...Object.fromEntries(plain), ...own };
}

import type { Lab } from "../../src/lab/lab.js";
import { metricConditions } from "../../src/manual/reference/metrics-conditions.js";
import { queries, rules } from "../monitoring/files.js";
import { selectorsIn } from "../monitoring/promql.js";

/** What the agents of these machines answer to `GET /metrics`, each at its own socket. */
export async function scrapesOf(lab: Lab, machines: readonly string[]): Promise<string[]> {
  const argv = ["curl", "-s", "--unix-socket", "/run/holdfast/agent.sock", "http://agent/metrics"];
  return Promise.all(machines.map(async (name) => (await lab.machine(name).exec(argv)).stdout));
}

/** Every metric of the program's that an alert or the dashboard asks for. */
const asked = new Set(
  [...rules, ...queries]
    .flatMap(({ expr }) => selectorsIn(expr))
    .flatMap(({ metric }) => (/^(holdfast|process)_/.test(metric) ? [metric] : [])),
);

/**
 * What alerts and the dashboard ask for, and no machine tells although it should: it is always there, or there under a
 * condition that holds here.
 *
 * @param here names of those whose condition holds
 */
export function untoldBy(scrapes: readonly string[], here: RegExp): string[] {
  const told = new Set(
    scrapes.flatMap((text) => [...text.matchAll(/^# HELP (\S+)/gm)].map(([, name]) => name)),
  );
  return [...asked].filter(
    (name) => !told.has(name) && (metricConditions[name] === undefined || here.test(name)),
  );
}

import type { Host } from "../host/host.js";
import { wayBackCommands } from "../render/boot.js";
import { paths, routeProtocol } from "../render/paths.js";
import type { Family } from "../topology/cluster.js";
import { expectSuccess } from "./expect-success.js";
import {
  hasWayBack,
  parseLinks,
  parseRoutes,
  type Routing,
  routingDifferences,
  routingInput,
} from "./kernel-routing.js";

/** Routing needs nothing of a machine but that it runs programs. */
type Runner = Pick<Host, "run">;

/** Static routes that carry our protocol number, the way back of transparent sessions, and every link's MTU. */
export async function readRouting(host: Runner): Promise<Routing> {
  const [[routes4 = "", rules4 = "", links = ""], [routes6 = "", rules6 = ""]] = await Promise.all([
    show(host, 4, [routesOfOurs, "rule show", "link show"]),
    show(host, 6, [routesOfOurs, "rule show"]),
  ]);
  const found = [
    { family: 4, rules: rules4, routes: routes4 },
    { family: 6, rules: rules6, routes: routes6 },
  ] as const;
  return {
    routes: [...parseRoutes(routes4), ...parseRoutes(routes6)],
    links: parseLinks(links),
    wayBack: found.filter(({ rules, routes }) => hasWayBack(rules, routes)).map(({ family }) => family),
  };
}

const routesOfOurs = `route show table all proto ${routeProtocol}`;

/** Answers a line each (ip(8), -batch and -json): one program for all, as nodes are asked again and again. */
async function show(host: Runner, family: Family, commands: readonly string[]): Promise<string[]> {
  const argv = ["ip", "-json", `-${family}`, "-batch", "-"];
  const stdin = commands.map((command) => `${command}\n`).join("");
  const answers = expectSuccess(argv, await host.run(argv, { stdin }))
    .trimEnd()
    .split("\n");
  if (answers.length !== commands.length)
    throw new Error(`${argv.join(" ")}: ${answers.length} answers to ${commands.length} questions`);
  return answers;
}

/** Loads the file that stands at its place, as at boot, adds what else is wanted, and removes what is not. */
export async function loadRouting(host: Runner, wanted: Routing): Promise<void> {
  const argv = ["ip", "-batch", paths.routes];
  expectSuccess(argv, await host.run(argv));
  await bringRouting(host, wanted);
}

/** Makes the main table's routes of ours, these links' MTU, and the way back of transparent sessions what is wanted. */
export async function bringRouting(host: Runner, wanted: Routing): Promise<void> {
  const kernel = await readRouting(host);
  const stdin = routingInput(wanted, kernel, routeProtocol);
  const argv = ["ip", "-batch", "-"];
  if (stdin !== "") expectSuccess(argv, await host.run(argv, { stdin }));
  for (const family of [4, 6] as const) {
    const [is, shall] = [kernel.wayBack.includes(family), wanted.wayBack.includes(family)];
    if (is === shall) continue;
    const commands = shall ? wayBackCommands(family).map((command) => command.argv) : wayBackRemoval(family);
    for (const command of commands) expectSuccess(command, await host.run(command));
  }
}

const wayBackRemoval = (family: Family): string[][] => [
  ["ip", `-${family}`, "rule", "flush", "protocol", String(routeProtocol)],
  ["ip", `-${family}`, "route", "flush", "table", String(routeProtocol)],
];

/** Throws unless the kernel reads back what was wanted. */
export async function confirmRouting(host: Runner, wanted: Routing): Promise<void> {
  const [difference] = routingDifferences(wanted, await readRouting(host));
  if (difference !== undefined) throw new Error(`routes did not take: ${difference}`);
}

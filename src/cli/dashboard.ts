import type { Command } from "commander";
import { printableLine } from "../api/printable.js";
import type { SignInCode } from "../api/session.js";
import type { RefusedCall, UnreachableError } from "../fleet/client-errors.js";
import { type AgentOptions, agentOptions, type ReachedAgent, reachAgents } from "./agents.js";
import { printJson, UserError } from "./context.js";
import { clusterOptions } from "./topology-file.js";

interface DashboardOptions extends AgentOptions {
  readonly node?: string;
  readonly viewer?: boolean;
}

export function registerDashboard(program: Command): void {
  agentOptions(clusterOptions(program.command("dashboard")))
    .description("sign your browser in: the address of each node's page, good once and for two minutes")
    .option("--node <node>", "this node's page only")
    .option("--viewer", "a session that looks and changes nothing, whatever your certificate allows")
    .addHelpText(
      "after",
      `
The session is yours: it may do what your certificate may, and ends with it, after 12 hours, after an hour without an
open page, when you sign out, or when the node's agent starts again. What stands behind # is in no request's address, and so
in no log. A browser does not know the cluster's authority and warns: compare the fingerprint before you go on. It does
not where it has ca.crt from your certificate's directory and opens https://NODE:7443 by the node's name.

Examples:
  $ holdfast dashboard -f pair.yaml
  $ holdfast dashboard --node lb-a --viewer
  $ sudo holdfast dashboard --here
  $ holdfast dashboard --json | jq -r '.nodes[0].url'`,
    )
    .action(dashboard);
}

async function dashboard(options: DashboardOptions): Promise<void> {
  if (options.here && options.node !== undefined)
    throw new UserError("--here is this machine's own agent: leave out --node");
  const agents = chosen(await reachAgents(options), options.node);
  const { codes, passed } = await codesOf(agents, options.viewer === true);
  if (codes.length === 0) throw (await import("./no-answer.js")).nobodyDoes(passed);
  for (const { message } of passed) process.stderr.write(`  ! ${printableLine(message)}\n`);
  if (options.json)
    printJson("dashboard", {
      nodes: codes.map((code) => {
        const { node, name, role, seconds, fingerprint } = code;
        return { node, url: urlOf(code), name, role, seconds, fingerprint };
      }),
      silent: passed.map(({ node }) => node),
    });
  else process.stdout.write(dashboardText(codes));
}

function chosen(agents: readonly ReachedAgent[], node: string | undefined): readonly ReachedAgent[] {
  if (node === undefined) return agents;
  const only = agents.filter((agent) => agent.node === node);
  if (only.length > 0) return only;
  throw new UserError(`--node ${node}: there is ${agents.map((agent) => agent.node).join(", ")}`);
}

/** A code of each agent that gives one, and why the others do not. */
async function codesOf(
  agents: readonly ReachedAgent[],
  viewer: boolean,
): Promise<{ codes: SignInCode[]; passed: (UnreachableError | RefusedCall)[] }> {
  const { RefusedCall, UnreachableError } = await import("../fleet/client-errors.js");
  const passed: (UnreachableError | RefusedCall)[] = [];
  const asked = await Promise.all(
    agents.map(async ({ client }) => {
      try {
        return [await client.call("signInCode", { body: { viewer } })];
      } catch (error) {
        if (!(error instanceof UnreachableError) && !(error instanceof RefusedCall)) throw error;
        passed.push(error);
        return [];
      }
    }),
  );
  return { codes: asked.flat(), passed };
}

/** In the fragment, which no browser sends and no server logs. */
const urlOf = ({ place, code }: SignInCode): string => `https://${place}/#code=${code}`;

/** Two lines a node, and for whom. */
export function dashboardText(codes: readonly SignInCode[]): string {
  const widest = Math.max(...codes.map(({ node }) => node.length));
  const lines = codes.flatMap((code) => [
    `${code.node.padEnd(widest)}   ${urlOf(code)}`,
    `${" ".repeat(widest)}   certificate SHA-256 ${code.fingerprint}`,
  ]);
  const [{ name, role, seconds } = { name: "", role: "viewer", seconds: 0 }] = codes;
  const whose = `Each signs ${name} in once, as ${role === "operator" ? "an operator" : "a viewer"}, within ${seconds} s.`;
  return `${[...lines, whose].map(printableLine).join("\n")}\n`;
}

import { type Command, InvalidArgumentError, Option } from "commander";
import { type Event, type EventKind, eventKinds } from "../api/event.js";
import { printableLine } from "../api/printable.js";
import type { UnreachableError } from "../fleet/client-errors.js";
import { type AgentOptions, agentOptions, type ReachedAgent, reachAgents } from "./agents.js";
import { printJson } from "./context.js";
import { clusterOptions } from "./topology-file.js";

interface EventsOptions extends AgentOptions {
  readonly follow?: boolean;
  readonly explain?: boolean;
  readonly number?: number;
  readonly kind?: EventKind;
}

export function registerEvents(program: Command): void {
  agentOptions(clusterOptions(program.command("events")))
    .description("what happened, on all nodes, in the order in which it did")
    .option("-n, --number <count>", "the last so many", wholeNumber, 20)
    .addOption(new Option("--kind <kind>", "only one kind").choices(eventKinds))
    .option("--follow", "go on as things happen, until Ctrl-C")
    .option("--explain", "with evidence, and where the milliseconds went")
    .addHelpText(
      "after",
      `
Examples:
  $ holdfast events -n 1 --kind role --explain
  $ holdfast events --follow
  $ holdfast events --json | jq '.events[] | select(.kind == "apply")'`,
    )
    .action(events);
}

async function events(options: EventsOptions): Promise<void> {
  const { eventLine, explainText } = await import("../agent/explain/explain-text.js");
  const agents = await reachAgents(options);
  const widest = Math.max(...agents.map(({ node }) => node.length));
  const show = (event: Event): void => {
    if (options.kind !== undefined && event.kind !== options.kind) return;
    const text = options.explain ? explainText(event, widest) : eventLine(event, widest);
    process.stdout.write(options.json ? `${JSON.stringify(event)}\n` : `${text}\n`);
  };
  const { told, silent } = await past(agents, options);
  if (silent.length === agents.length) throw (await import("./no-answer.js")).noAnswer(silent);
  for (const { message } of silent) process.stderr.write(`  ! ${printableLine(message)}\n`);
  if (options.json && !options.follow) return printJson("events", { events: told });
  for (const event of told) show(event);
  if (options.follow) await follow(agents, told, show);
}

/** The last events of all nodes by time; each node's own order is kept. */
async function past(
  agents: readonly ReachedAgent[],
  { number = 20, kind }: EventsOptions,
): Promise<{ told: Event[]; silent: UnreachableError[] }> {
  const { UnreachableError } = await import("../fleet/client-errors.js");
  const silent: UnreachableError[] = [];
  const each = await Promise.all(
    agents.map(async ({ client }) => {
      try {
        return (await client.call("events", { query: { limit: 1000, last: "true" } })).events;
      } catch (error) {
        if (!(error instanceof UnreachableError)) throw error;
        silent.push(error);
        return [];
      }
    }),
  );
  const told = each
    .flat()
    .filter((event) => kind === undefined || event.kind === kind)
    .sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
  return { told: told.slice(-number), silent };
}

async function follow(
  agents: readonly ReachedAgent[],
  told: readonly Event[],
  show: (event: Event) => void,
): Promise<void> {
  const { interruptible } = await import("./interruption.js");
  const { followEvents } = await import("../fleet/follow-events.js");
  await interruptible(
    (signal) =>
      Promise.all(
        agents.map(async ({ node, client }) => {
          const last = told.filter((event) => event.node === node).at(-1)?.sequence;
          for await (const event of followEvents(client, last, signal)) show(event);
        }),
      ),
    "no longer following",
  );
}

function wholeNumber(text: string): number {
  if (!/^[1-9][0-9]{0,3}$/.test(text)) throw new InvalidArgumentError("a number from 1 to 9999 is needed.");
  return Number(text);
}

import { type Command, InvalidArgumentError } from "commander";
import type { HistoryEntry } from "../api/documents.js";
import { printableLine, printableText } from "../api/printable.js";
import { type AgentOptions, agentOptions, askFirst, reachAgents } from "./agents.js";
import { printJson, UserError } from "./context.js";
import { clusterOptions } from "./topology-file.js";

interface HistoryOptions extends AgentOptions {
  readonly show?: number;
  readonly diff?: number;
}

export function registerHistory(program: Command): void {
  agentOptions(clusterOptions(program.command("history")))
    .description("the generations that ran, newest first: when, by whom, and why")
    .option("--show <generation>", "print that generation's topology as it was written", wholeNumber)
    .option("--diff <generation>", "what that generation changed in the topology", wholeNumber)
    .addHelpText(
      "after",
      `
Examples:
  $ holdfast history
  $ holdfast history --diff 13
  $ holdfast history --show 12 > topology.yaml`,
    )
    .action(history);
}

async function history(options: HistoryOptions): Promise<void> {
  const agents = await reachAgents(options);
  const { agent, answer } = await askFirst(agents, "history", {});
  if (options.show !== undefined) {
    const shown = await agent.client.call("generation", { params: { number: options.show } });
    if (options.json) printJson("generation", { ...shown });
    else process.stdout.write(process.stdout.isTTY ? printableText(shown.topology) : shown.topology);
    return;
  }
  if (options.diff !== undefined) {
    const { diff: number } = options;
    if (!answer.entries.some((entry) => entry.number === number))
      throw new UserError(`there is no generation ${number} on this node; 'holdfast history' lists them`);
    const { diff: text } = await agent.client.call("generationDiff", { params: { number } });
    if (options.json) printJson("generation-diff", { number, diff: text });
    else process.stdout.write(text === "" ? "The topology did not change.\n" : printableText(text));
    return;
  }
  if (options.json) printJson("history", { ...answer });
  else process.stdout.write(historyText(answer.entries, answer.damaged));
}

/** A line a generation; last, what cannot be read any more. */
export function historyText(entries: readonly HistoryEntry[], damaged: readonly string[]): string {
  if (entries.length + damaged.length === 0) return "Nothing was applied yet.\n";
  const widest = Math.max(...entries.map(({ author }) => author.length));
  return entries
    .map(({ number, digest, at, author, message, current, confirm_by }) => {
      const mark = current ? (confirm_by === null ? "*" : "?") : " ";
      const when = at.replace("T", " ").slice(0, 19);
      const remark = confirm_by === null ? message : `${message} (on trial until ${confirm_by})`;
      const line = `${mark} ${String(number).padStart(4)}  ${digest.slice(0, 6)}  ${when}  ${author.padEnd(widest)}  ${remark}`;
      return printableLine(line).trimEnd();
    })
    .concat(
      damaged.map((sentence) => `!       ${printableLine(sentence)}`),
      "* runs, ? runs on trial",
      "",
    )
    .join("\n");
}

function wholeNumber(text: string): number {
  if (!/^[1-9][0-9]{0,8}$/.test(text))
    throw new InvalidArgumentError("a generation is a whole number from 1.");
  return Number(text);
}

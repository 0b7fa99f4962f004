import { printableText } from "../api/printable.js";
import type { Progress } from "../api/progress.js";

/** One line of an apply as it happens; the end has its own words. */
export function progressLine(progress: Progress): string {
  switch (progress.kind) {
    case "prepared":
      return line("prepare", progress.node, `ok ${seconds(progress.took)}`, checked(progress.checked));
    case "refused":
      return progress.refusals
        .map(({ path, engine, words }) =>
          line("prepare", progress.node, "refused", `${engine} refuses ${path}:\n${indented(words)}`),
        )
        .join("");
    case "committed":
      return line("commit", progress.node, `ok ${seconds(progress.took)}`, files(progress.changes));
    case "healthy":
      return line("gate", progress.node, `ok ${seconds(progress.took)}`, "healthy");
    case "answers":
      return line(
        "gate",
        progress.node,
        `ok ${seconds(progress.took)}`,
        progress.endpoints.length === 0 ? "" : `${progress.endpoints.join(", ")} answers`,
      );
    case "failed":
      return line(progress.stage, progress.node, "failed", below(withoutNode(progress.node, progress.why)));
    case "restored":
      return line("restore", progress.node, "ok", "as it was before");
    case "ended":
      return "";
  }
}

/** Why a step did not go as it should, a sentence each; empty for one that did. */
export function complaintsOf(progress: Progress): string[] {
  if (progress.kind === "failed") return [ofNode(progress.node, progress.why)];
  if (progress.kind !== "refused") return [];
  return progress.refusals.map(({ path, engine, words }) =>
    ofNode(progress.node, `${engine} refuses ${path}: ${words.trim()}`),
  );
}

const ofNode = (node: string, words: string): string => `${node}: ${withoutNode(node, words)}`;

const withoutNode = (node: string, words: string): string =>
  words.startsWith(`${node}: `) ? words.slice(node.length + 2) : words;

/** Further lines stand below the first. */
const below = (text: string): string => text.trimEnd().replace(/\n/g, "\n      ");

const line = (verb: string, node: string, outcome: string, remark: string): string =>
  printableText(`  ${verb.padEnd(8)}  ${node}  ${outcome}${remark === "" ? "" : `   ${remark}`}\n`);

const seconds = (milliseconds: number): string => `${(milliseconds / 1000).toFixed(1)} s`;

const checked = (engines: readonly string[]): string =>
  engines.length === 0 ? "" : `checked: ${engines.join(", ")}`;

const files = (changes: number): string => `${changes} file${changes === 1 ? "" : "s"} changed`;

const indented = (text: string): string => text.trimEnd().replace(/^/gm, "      ");

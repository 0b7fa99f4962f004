import type { CommandWords, Named } from "./command-words.js";
import { head, heading, paragraph, seeAlso, tagged, verbatim } from "./roff.js";
import { surroundings } from "./surroundings.js";

interface Edition {
  readonly version: string;
  readonly date: string;
}

/** The manual page of a command: what its `--help` says, in section 1. */
export function commandPage(words: CommandWords, edition: Edition): string {
  const name = pageName(words.path);
  const { description, examples } = below(words.after);
  return [
    head({ name, section: 1, about: words.description.replace(/\.$/, ""), ...edition }),
    heading("SYNOPSIS"),
    verbatim(`${words.path} ${words.usage}`),
    ...description,
    ...list("COMMANDS", words.commands),
    ...list("ARGUMENTS", words.arguments),
    ...list("OPTIONS", words.options),
    ...(words.path.includes(" ") ? [] : surroundings()),
    ...examples,
    seeAlso(relatives(words)),
    "",
  ].join("\n");
}

/** `holdfast drill run` is found under `holdfast-drill-run`, as in git(1). */
export const pageName = (path: string): string => path.replaceAll(" ", "-");

const list = (title: string, entries: readonly Named[]): string[] =>
  entries.length === 0
    ? []
    : [
        heading(title),
        ...entries.map(({ name, description }) => tagged(name, description || "See its name.")),
      ];

/** Examples have a heading of their own; they are the last part of a help text. */
function below(after: string): { readonly description: string[]; readonly examples: string[] } {
  const [before = "", examples] = after.split(/^Examples?:\n/m);
  return {
    description:
      before.trim() === "" ? [] : [heading("DESCRIPTION"), ...before.trim().split("\n\n").map(paragraph)],
    examples: examples === undefined ? [] : [heading("EXAMPLES"), verbatim(examples.trimEnd())],
  };
}

function relatives({ path, commands }: CommandWords) {
  const parent = path.split(" ").slice(0, -1).join(" ");
  const names = [
    ...(parent === "" ? [] : [pageName(parent)]),
    ...commands.map(({ name }) => `${pageName(path)}-${name}`),
  ];
  return [...names.map((name) => ({ name, section: 1 })), { name: "holdfast-topology", section: 5 }];
}

import type { CommandWords, Named } from "../command-words.js";
import { exitCodes } from "./exit-codes.js";
import { code, fenced, page, table } from "./markdown.js";

/** docs/reference/commands.md: of each command what its `--help` says. */
export function commandsReference(commands: readonly CommandWords[]): string {
  return page(
    "# Every command",
    "Made from the commands themselves by `npm run reference`; `holdfast COMMAND --help` and the manual pages have the same words.",
    table(
      ["command", "what it does"],
      commands.map(({ path, description }) => [
        `[${code(path)}](#${path.replaceAll(" ", "-")})`,
        description,
      ]),
    ),
    "## Exit codes",
    table(
      ["exit code", "of", "means"],
      exitCodes.map(({ code, of, means }) => [String(code), of, means]),
    ),
    ...commands.flatMap(section),
  );
}

const section = (words: CommandWords): string[] => [
  `## ${words.path}`,
  sentence(words.description),
  fenced(`${words.path} ${words.usage}`),
  entries("argument", words.arguments),
  entries(
    "option",
    words.options.filter(({ name }) => name !== "-h, --help"),
  ),
  ...below(words.after),
];

const entries = (title: string, named: readonly Named[]): string =>
  named.length === 0
    ? ""
    : table(
        [title, "what it is"],
        named.map(({ name, description }) => [code(name), description]),
      );

/** The text below the options: paragraphs, then examples. */
function below(after: string): string[] {
  const [before = "", examples = ""] = after.split(/^Examples?:\n/m);
  // Paragraphs of a help text are plain text: what would be markup is not meant.
  const paragraphs = before
    .trim()
    .split("\n\n")
    .map((paragraph) => paragraph.replaceAll(/[*_<]/g, "\\$&"));
  return [...paragraphs, examples === "" ? "" : fenced(dedented(examples), "console")];
}

const dedented = (text: string): string => text.replaceAll(/^ {2}/gm, "");

const sentence = (text: string): string =>
  `${text.charAt(0).toUpperCase()}${text.slice(1).replace(/\.$/, "")}.`;

import { type Command, Option } from "commander";

/** What may follow an option: nothing, a file's name, one of these words, or what only the operator knows. */
export type Value = "none" | "file" | "any" | readonly string[];

/** What may follow a command, as the completion scripts need it. */
export interface CompletionNode {
  /** From the program on, for instance `holdfast drill run`, or `holdfast maintenance on`. */
  readonly path: string;
  /** Commands below it, or the words among which its first argument is. */
  readonly words: readonly { readonly name: string; readonly description: string }[];
  readonly options: readonly {
    readonly flag: string;
    readonly description: string;
    readonly value: Value;
  }[];
}

/** The program and each command below it, parents first. A word that is a first argument leads on as a command does. */
export function commandTree(command: Command, above = ""): CompletionNode[] {
  const path = above === "" ? command.name() : `${above} ${command.name()}`;
  const options = [...command.options, new Option("-h, --help", "display help for command")].flatMap(flagsOf);
  const [first] = command.registeredArguments;
  const choices = (first?.argChoices ?? []).map((name) => ({ name, description: first?.description ?? "" }));
  const commands = command.commands.map((child) => ({
    name: child.name(),
    description: child.description(),
  }));
  return [
    { path, words: [...commands, ...choices], options },
    ...choices.map(({ name }) => ({ path: `${path} ${name}`, words: [], options })),
    ...command.commands.flatMap((child) => commandTree(child, path)),
  ];
}

const flagsOf = (option: Option): CompletionNode["options"] =>
  [option.short, option.long].flatMap((flag) =>
    flag === undefined || flag === null
      ? []
      : [{ flag, description: option.description, value: valueAfter(option) }],
  );

function valueAfter({ required, optional, argChoices, flags }: Option): Value {
  if (!required && !optional) return "none";
  return argChoices ?? (/<(file|dir|plan)>/.test(flags) ? "file" : "any");
}

import { type Command, Option } from "commander";

/** What may follow a command, as the completion scripts need it. */
export interface CompletionNode {
  /** From the program on, for instance `holdfast drill run`. */
  readonly path: string;
  readonly commands: readonly { readonly name: string; readonly description: string }[];
  readonly options: readonly {
    readonly flag: string;
    readonly description: string;
    readonly takesValue: boolean;
  }[];
}

/** The program and each command below it, parents first. */
export function commandTree(command: Command, above = ""): CompletionNode[] {
  const path = above === "" ? command.name() : `${above} ${command.name()}`;
  const help = new Option("-h, --help", "display help for command");
  const node: CompletionNode = {
    path,
    commands: command.commands.map((child) => ({ name: child.name(), description: child.description() })),
    options: [...command.options, help].flatMap((option) =>
      [option.short, option.long].flatMap((flag) =>
        flag === undefined || flag === null
          ? []
          : [{ flag, description: option.description, takesValue: option.required || option.optional }],
      ),
    ),
  };
  return [node, ...command.commands.flatMap((child) => commandTree(child, path))];
}

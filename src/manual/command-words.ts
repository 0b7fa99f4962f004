import type { Command } from "commander";

/** What a command says of itself in `--help`, taken apart. */
export interface CommandWords {
  /** From the program on, for instance `holdfast drill run`. */
  readonly path: string;
  readonly description: string;
  /** What follows the path: `[options] <shell>`. */
  readonly usage: string;
  readonly commands: readonly Named[];
  readonly arguments: readonly Named[];
  /** By their flags: `-f, --file <file>`. */
  readonly options: readonly Named[];
  /** What stands below the options: examples, and what else is worth knowing. */
  readonly after: string;
}

export interface Named {
  readonly name: string;
  readonly description: string;
}

/** The program and each command below it, parents first: the same words as `--help` has, so that they cannot differ. */
export function commandWords(command: Command, above = ""): CommandWords[] {
  const path = above === "" ? command.name() : `${above} ${command.name()}`;
  const help = command.createHelp();
  const own: CommandWords = {
    path,
    description: command.description(),
    usage: command.usage(),
    commands: help
      .visibleCommands(command)
      .filter((child) => child.name() !== "help")
      .map((child) => ({ name: child.name(), description: child.description() })),
    arguments: command.registeredArguments.map((argument) => ({
      name: argument.required ? `<${argument.name()}>` : `[${argument.name()}]`,
      description: help.argumentDescription(argument),
    })),
    options: help.visibleOptions(command).map((option) => ({
      name: option.flags,
      description: help.optionDescription(option),
    })),
    after: textBelow(command),
  };
  return [own, ...command.commands.flatMap((child) => commandWords(child, path))];
}

/** Commander keeps what `addHelpText` was given in listeners alone: the whole help is written, and its first part cut off. */
function textBelow(command: Command): string {
  let text = "";
  command.configureOutput({
    writeOut: (piece) => {
      text += piece;
    },
  });
  command.outputHelp();
  return text.slice(command.helpInformation().length).trim();
}

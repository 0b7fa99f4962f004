import { Argument, type Command } from "commander";
import { commandTree } from "./command-tree.js";
import type { Shell } from "./completion-scripts.js";

export function registerCompletion(program: Command): void {
  program
    .command("completion")
    .description("print the completion script of a shell")
    .addArgument(new Argument("<shell>", "whose script").choices(["bash", "zsh", "fish"]))
    .addHelpText(
      "after",
      `
Examples:
  source <(holdfast completion bash)                                        this shell
  holdfast completion bash > /etc/bash_completion.d/holdfast                every bash
  holdfast completion zsh > "\${fpath[1]}/_holdfast"
  holdfast completion fish > ~/.config/fish/completions/holdfast.fish`,
    )
    .action(async (shell: Shell) => {
      const { scripts } = await import("./completion-scripts.js");
      process.stdout.write(scripts[shell](commandTree(program)));
    });
}

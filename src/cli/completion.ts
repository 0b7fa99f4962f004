import type { Command } from "commander";
import { commandTree } from "./command-tree.js";
import { UserError } from "./context.js";

export function registerCompletion(program: Command): void {
  program
    .command("completion")
    .description("print the completion script of a shell")
    .argument("<shell>", "bash, zsh or fish")
    .addHelpText(
      "after",
      `
Examples:
  source <(holdfast completion bash)                                        this shell
  holdfast completion bash > /etc/bash_completion.d/holdfast                every bash
  holdfast completion zsh > "\${fpath[1]}/_holdfast"
  holdfast completion fish > ~/.config/fish/completions/holdfast.fish`,
    )
    .action(async (shell: string) => {
      const { scripts } = await import("./completion-scripts.js");
      const script = scripts.get(shell);
      if (script === undefined)
        throw new UserError(`no completion for ${shell}; choose ${[...scripts.keys()].join(", ")}`);
      process.stdout.write(script(commandTree(program)));
    });
}

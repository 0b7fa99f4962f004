import { type Command, InvalidArgumentError, Option } from "commander";
import { defaultDays } from "../pki/validity.js";
import { type AgentOptions, agentOptions } from "./agents.js";
import type { IssueOptions } from "./pki-authority.js";
import { type PkiOptions, pkiOption, pkiOptions } from "./pki-place.js";
import { clusterOptions } from "./topology-file.js";

export function registerPki(program: Command): void {
  const pki = program
    .command("pki")
    .description("the cluster's own certificate authority: who is a node, who may look, who may change")
    .addHelpText(
      "after",
      examples(
        "pki init",
        "pki issue lb-a                    a node of the topology",
        "pki issue anna                    an operator",
        "pki issue wall --role viewer",
        "pki rotate lb-a                   a new key, made on the node",
        "pki revoke anna && holdfast pki publish",
      ),
    );

  pkiOption(clusterOptions(pki.command("init")))
    .description("make the authority, once for each cluster")
    .addOption(daysOption(defaultDays.authority))
    .addHelpText("after", examples("pki init", "pki init --pki /mnt/safe/campus"))
    .action(async (options: PkiOptions & { days: number }) => {
      await (await import("./pki-authority.js")).initialise(options);
    });

  pkiOptions(pki.command("issue"))
    .description("make a key and a certificate, for somebody new or instead of one that expires")
    .argument("<name>", "a node of the topology, or a person or program")
    .addOption(
      new Option("--role <role>", "default: node for a node, else operator").choices([
        "viewer",
        "operator",
        "node",
      ]),
    )
    .addOption(daysOption(defaultDays.certificate))
    .option("--out <dir>", "write it there (default: NAME in the directory of the authority)")
    .addHelpText(
      "after",
      examples("pki issue lb-a", "pki issue prometheus --role viewer --days 90 --out ./prometheus"),
    )
    .action(async (name: string, options: IssueOptions) => {
      await (await import("./pki-authority.js")).issue(name, options);
    });

  pkiOptions(pki.command("revoke"))
    .description("end all valid certificates of a name; the nodes learn of it from 'pki publish'")
    .argument("<name>", "as in 'holdfast pki list'")
    .option("--older", "all but the newest, for instance after 'pki rotate'")
    .addHelpText("after", examples("pki revoke anna && holdfast pki publish", "pki revoke lb-a --older"))
    .action(async (name: string, options: PkiOptions & { older?: boolean }) => {
      await (await import("./pki-authority.js")).revoke(name, options);
    });

  pkiOptions(pki.command("list"))
    .description("every certificate that was issued: whose, as what, until when, and whether it is revoked")
    .addHelpText(
      "after",
      examples("pki list", "pki list --json | jq '.certificates[] | select(.days_left < 30)'"),
    )
    .action(async (options: PkiOptions) => {
      await (await import("./pki-authority.js")).list(options);
    });

  agentOptions(clusterOptions(pki.command("rotate")))
    .description("let a node make a new key, and certify it; nothing restarts")
    .argument("<node>", "a node of the topology")
    .addHelpText("after", examples("pki rotate lb-a", "pki rotate lb-a && holdfast pki revoke lb-a --older"))
    .action(async (node: string, options: AgentOptions) => {
      await (await import("./pki-nodes.js")).rotate(node, options);
    });

  agentOptions(clusterOptions(pki.command("publish")))
    .description("bring the revocation list to every node")
    .addHelpText("after", examples("pki publish", "pki publish --as anna"))
    .action(async (options: AgentOptions) => {
      await (await import("./pki-nodes.js")).publish(options);
    });
}

const examples = (...lines: readonly string[]): string =>
  `\nExamples:\n${lines.map((line) => `  $ holdfast ${line}`).join("\n")}`;

const daysOption = (standard: number): Option =>
  new Option("--days <n>", "how long it is valid").default(standard).argParser((text) => {
    const days = /^[0-9]{1,5}$/.test(text) ? Number(text) : 0;
    if (days < 1 || days > 7300) throw new InvalidArgumentError("give a number from 1 to 7300.");
    return days;
  });

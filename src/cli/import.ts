import type { Command } from "commander";
import { UserError } from "./context.js";
import { type OutcomeOptions, writeImport } from "./import-outcome.js";
import { readSource } from "./source-file.js";

interface ImportOptions extends OutcomeOptions {
  readonly keepalived?: readonly string[];
  readonly haproxy?: string;
  readonly iptables?: readonly string[];
  readonly addresses?: readonly string[];
}

export function registerImport(program: Command): void {
  const collect = (value: string, before: readonly string[] = []): string[] => [...before, value];
  program
    .command("import")
    .description(
      "make a topology of a pair that was written by hand, and list what could not be carried over",
    )
    .option("--keepalived <file>", "a node's keepalived.conf; again for each other node", collect)
    .option("--haproxy <file>", "the haproxy.cfg that the nodes share")
    .option(
      "--iptables <file>",
      "what iptables-save prints on the first node; again for ip6tables-save",
      collect,
    )
    .option(
      "--addresses <file>",
      "what 'ip -o address' prints on the first node; again for each other node",
      collect,
    )
    .option("--out <file>", "write the topology to a file instead of standard output")
    .option("--force", "overwrite the file if it exists")
    .option("--json", "print one JSON document")
    .addHelpText(
      "after",
      `
Nothing is invented: what no file says stands in the topology as FILL-IN, and 'holdfast validate' names its place. The
list goes to standard error, or with --out to standard output: what is LOST, what holdfast has a way of its own for
(REPLACED), and where a human has to LOOK.

Exit codes: 0 there is a topology, valid or not yet; 1 the files do not make one.

Examples:
  holdfast import --keepalived keepalived.conf --haproxy haproxy.cfg > topology.yaml
  ssh lb-a ip -o address > a.addr; ssh lb-b ip -o address > b.addr; ssh lb-a iptables-save > a.rules
  holdfast import --keepalived a.conf --keepalived b.conf --addresses a.addr --addresses b.addr \\
    --haproxy haproxy.cfg --iptables a.rules --out topology.yaml && holdfast validate`,
    )
    .action(importFiles);
}

async function importFiles(options: ImportOptions): Promise<void> {
  const { keepalived = [], addresses = [], iptables = [] } = options;
  if (keepalived.length === 0)
    throw new UserError(
      "import needs at least one node's keepalived.conf: holdfast import --keepalived FILE [--keepalived FILE] [--haproxy FILE]; 'holdfast import --help' has the rest",
    );
  const pair = {
    keepalived: await Promise.all(keepalived.map(readSource)),
    addresses: await Promise.all(addresses.map(readSource)),
    iptables: await Promise.all(iptables.map(readSource)),
    haproxy: options.haproxy === undefined ? null : await readSource(options.haproxy),
  };
  const { importPair } = await import("../import/import.js");
  await writeImport("import", importPair(pair), options);
}

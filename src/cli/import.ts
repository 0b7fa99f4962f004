import { readFile } from "node:fs/promises";
import type { Command } from "commander";
import type { Import } from "../import/import.js";
import type { SourceText } from "../import/source-text.js";
import { type GlobalOptions, printJson, UserError } from "./context.js";
import { importText } from "./import-text.js";
import { writeOutput } from "./output-file.js";

interface ImportOptions extends GlobalOptions {
  readonly keepalived?: readonly string[];
  readonly haproxy?: string;
  readonly iptables?: readonly string[];
  readonly addresses?: readonly string[];
  readonly out?: string;
  readonly force?: boolean;
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
    keepalived: await Promise.all(keepalived.map(read)),
    addresses: await Promise.all(addresses.map(read)),
    iptables: await Promise.all(iptables.map(read)),
    haproxy: options.haproxy === undefined ? null : await read(options.haproxy),
  };
  const { importPair } = await import("../import/import.js");
  const result: Import = importPair(pair);
  const { topology, refused, findings, problems } = result;
  const list = importText(result, options.out ?? null);
  if (topology === null) {
    process.stderr.write(list);
    throw new UserError(refused ?? "the files do not make a topology");
  }
  if (options.out !== undefined) await writeOutput(options.out, topology, { force: options.force === true });
  const valid = problems.every(({ severity }) => severity !== "error");
  if (options.json === true)
    printJson("import", { file: options.out ?? null, valid, topology, findings, problems });
  else if (options.out === undefined) {
    process.stdout.write(topology);
    process.stderr.write(list);
  } else process.stdout.write(list);
}

async function read(file: string): Promise<SourceText> {
  try {
    return { file, text: await readFile(file, "utf8") };
  } catch (error) {
    const reason = error instanceof Error && "code" in error ? String(error.code) : "unreadable";
    throw new UserError(`cannot read ${file} (${reason})`);
  }
}

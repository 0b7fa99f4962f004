import { type Command, Option } from "commander";
import { type Distribution, distributions, usual } from "../render/engines.js";
import { type ClusterOptions, printJson, UserError } from "./context.js";
import { machinesText } from "./machines-text.js";
import { clusterOptions, loadCluster } from "./topology-file.js";

interface RenderOptions extends ClusterOptions {
  readonly engines: Distribution;
  readonly out: string;
  readonly node?: string;
}

export function registerRender(program: Command): void {
  clusterOptions(program.command("render"))
    .description("write every node's and VPN server's files below a directory, exactly as they would land")
    .requiredOption("-o, --out <dir>", "directory to write; what an earlier render left there is replaced")
    .option("--node <name>", "the files of this node, or VPN server, only")
    .addOption(
      new Option("--engines <distribution>", "whose engines the files are for")
        .choices(Object.keys(distributions))
        .default(usual),
    )
    .addHelpText(
      "after",
      `
Examples:
  $ holdfast render -f pair.yaml --out build
  $ diff -r build/lb-a/etc /etc | grep -v '^Only in /etc'
  $ holdfast render -f pair.yaml --out build --node lb-a --json
  $ holdfast render -f pair.yaml --out build --engines debian-13    # an agent asks its own machine`,
    )
    .action(render);
}

async function render(options: RenderOptions): Promise<void> {
  const { cluster } = await loadCluster(options);
  const { renderMachine } = await import("../render/render.js");
  const { machinesOf } = await import("../topology/machines.js");
  const { writeTree } = await import("./rendered-tree.js");
  const all = machinesOf(cluster);
  const wanted = all.filter(({ name }) => options.node === undefined || name === options.node);
  if (wanted.length === 0) throw new UserError(`there is no node ${options.node}; ${machinesText(cluster)}`);
  const trees = wanted.map((machine) => ({
    node: machine.name,
    files: renderMachine(cluster, machine, distributions[options.engines]),
  }));
  const written = await writeTree(options.out, trees);
  if (options.json) printJson("render", { cluster: cluster.name, out: options.out, files: written });
  else for (const { file } of written) process.stdout.write(`${file}\n`);
}

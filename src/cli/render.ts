import { type Command, Option } from "commander";
import { type Distribution, distributions, usual } from "../render/engines.js";
import { type ClusterOptions, printJson, UserError } from "./context.js";
import { clusterOptions, loadCluster } from "./topology-file.js";

interface RenderOptions extends ClusterOptions {
  readonly engines: Distribution;
  readonly out: string;
  readonly node?: string;
}

export function registerRender(program: Command): void {
  clusterOptions(program.command("render"))
    .description("write every node's files below a directory, exactly as they would land")
    .requiredOption("-o, --out <dir>", "directory to write; what an earlier render left there is replaced")
    .option("--node <name>", "this node's files only")
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
  const { renderNode } = await import("../render/render.js");
  const { writeTree } = await import("./rendered-tree.js");
  const nodes = cluster.nodes.filter(({ name }) => options.node === undefined || name === options.node);
  if (nodes.length === 0) {
    const names = cluster.nodes.map(({ name }) => name).join(", ");
    throw new UserError(`there is no node ${options.node}; the nodes are ${names}`);
  }
  const trees = nodes.map((node) => ({
    node: node.name,
    files: renderNode(cluster, node, distributions[options.engines]),
  }));
  const written = await writeTree(options.out, trees);
  if (options.json) printJson("render", { cluster: cluster.name, out: options.out, files: written });
  else for (const { file } of written) process.stdout.write(`${file}\n`);
}

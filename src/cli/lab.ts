import { Argument, type Command } from "commander";
import { type ClusterOptions, exit, printJson, UserError } from "./context.js";
import { clusterOptions, loadCluster } from "./topology-file.js";

export function registerLab(program: Command): void {
  const lab = program
    .command("lab")
    .description(
      "the whole topology on this machine: nodes, servers, real switches and VPN clients, in namespaces",
    )
    .addHelpText(
      "after",
      `
Examples:
  holdfast lab up -f examples/pair.yaml
  holdfast lab exec -f examples/pair.yaml switch-1 -- ovs-vsctl show
  holdfast lab power off lb-a          links first, then every process at once
  holdfast lab link down lb-b switches
  holdfast lab down`,
    );

  clusterOptions(lab.command("up"))
    .description("bring it up, configure its nodes, connect its switches")
    .option("--switches <n>", "switches, each with a host behind it", upTo200("--switches"), 2)
    .option(
      "--vpn-clients <n>",
      "clients of the VPN servers (default: one for each server, and all that the topology names)",
      upTo200("--vpn-clients"),
    )
    .addHelpText(
      "after",
      `
A lab of the same cluster that is up, or was left by a crash, is removed first.
${examples(
  "lab up -f pair.yaml",
  "lab up -f pair.yaml --switches 8",
  "lab up -f overlay.yaml --vpn-clients 5",
)}`,
    )
    .action(async (options: ClusterOptions & { switches: number; vpnClients?: number }) => {
      const { bringUp } = await import("./lab-up.js");
      await bringUp(options);
    });

  clusterOptions(lab.command("down"))
    .description("remove it: processes, namespaces, links, files")
    .addHelpText("after", examples("lab down -f pair.yaml"))
    .action(async (options: ClusterOptions) => {
      const { cluster } = await loadCluster(options);
      const { labDown } = await import("../lab/down.js");
      const found = await labDown(cluster.name);
      if (options.json) printJson("lab-down", { cluster: cluster.name, found });
      else
        process.stdout.write(
          found ? `The lab of ${cluster.name} is gone.\n` : `There was no lab of ${cluster.name}.\n`,
        );
    });

  clusterOptions(lab.command("exec"))
    .description("run a command on one of its machines; ends with that command's exit code")
    .addHelpText(
      "after",
      examples(
        "lab exec -f pair.yaml lb-a -- ip address show",
        "lab exec -f pair.yaml switch-1 -- ovs-vsctl show",
      ),
    )
    .argument("<host>", "a machine, as in 'holdfast lab status'")
    .argument("<command...>", "after --, the command and its arguments")
    .action(async (host: string, argv: string[], options: ClusterOptions) => {
      const { name, lab: opened } = await open(options);
      const machine = opened.machine(host);
      if (options.json) {
        const result = await machine.exec(argv, { timeout: 3_600_000 });
        printJson("lab-exec", { host: machine.name, ...result });
        process.exitCode = result.exitCode;
        return;
      }
      const { runAttached } = await import("../lab/attached.js");
      process.exitCode = await runAttached(name, machine.name, argv);
    });

  clusterOptions(lab.command("power"))
    .description("a power loss, or the button that ends it")
    .addHelpText("after", examples("lab power off lb-a -f pair.yaml", "lab power on lb-a -f pair.yaml"))
    .addArgument(new Argument("<state>", "without power, or with").choices(["off", "on"]))
    .argument("<node>", "a machine of the lab")
    .action(async (state: "off" | "on", node: string, options: ClusterOptions) => {
      const { lab: opened } = await open(options);
      await (state === "off" ? opened.faults.powerOff(node) : opened.faults.powerOn(node));
      report(options, "lab-power", { node, state }, `${node} is ${state}.`);
    });

  clusterOptions(lab.command("link"))
    .description("cut a machine's link to a network, or mend it")
    .addHelpText(
      "after",
      examples("lab link down lb-a switches -f pair.yaml", "lab link up lb-a switches -f pair.yaml"),
    )
    .addArgument(new Argument("<state>", "cut, or mended").choices(["down", "up"]))
    .argument("<node>", "a machine of the lab")
    .argument("<network>", "a network of the topology, or internet")
    .action(async (state: "down" | "up", node: string, network: string, options: ClusterOptions) => {
      const { lab: opened } = await open(options);
      await (state === "down" ? opened.faults.linkDown(node, network) : opened.faults.linkUp(node, network));
      report(options, "lab-link", { node, network, state }, `${node} on ${network}: link ${state}.`);
    });

  clusterOptions(lab.command("status"))
    .description("its machines, their addresses and what runs on them")
    .addHelpText(
      "after",
      examples("lab status -f pair.yaml", "lab status -f pair.yaml --json | jq '.machines[].name'"),
    )
    .action(async (options: ClusterOptions) => {
      const { showStatus } = await import("./lab-status.js");
      await showStatus(options);
    });
}

const examples = (...lines: readonly string[]): string =>
  `\nExamples:\n${lines.map((line) => `  $ holdfast ${line}`).join("\n")}`;

async function open(options: ClusterOptions) {
  const { cluster } = await loadCluster(options);
  const { openLab } = await import("../lab/open.js");
  return { name: cluster.name, lab: openLab(cluster.name) };
}

function report(
  { json }: ClusterOptions,
  name: string,
  facts: Record<string, unknown>,
  sentence: string,
): void {
  if (json) printJson(name, facts);
  else process.stdout.write(`${sentence}\n`);
}

const upTo200 =
  (option: string) =>
  (text: string): number => {
    const number = /^[0-9]{1,3}$/.test(text) ? Number(text) : Number.NaN;
    if (number <= 200) return number;
    throw new UserError(`${option} ${JSON.stringify(text)}: give a number from 0 to 200`, exit.error);
  };

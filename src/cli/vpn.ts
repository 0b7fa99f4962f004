import type { Command } from "commander";
import { type AgentOptions, agentOptions } from "./agents.js";
import type { OutcomeOptions } from "./import-outcome.js";
import { clusterOptions } from "./topology-file.js";
import type { VpnClientOptions } from "./vpn-client.js";

export function registerVpn(program: Command): void {
  const vpn = program
    .command("vpn")
    .description("OpenVPN servers that share their clients' routes")
    .addHelpText(
      "after",
      examples(
        "vpn import a/cube-routed.conf b/cube-routed.conf --out topology.yaml",
        "vpn client host1 --certificates ./pki --out host1.ovpn",
      ),
    );

  vpn
    .command("import")
    .description("make a topology of two servers' cube-routed files, and list what has to be filled in")
    .argument("<file...>", "each server's file: lines of NAME = VALUE")
    .option("--out <file>", "write the topology to a file instead of standard output")
    .option("--force", "overwrite the file if it exists")
    .option("--json", "print one JSON document")
    .addHelpText(
      "after",
      `
Nothing is invented: what no file says stands in the topology as FILL-IN, and 'holdfast validate' names its place. The
list goes to standard error, or with --out to standard output.

Exit codes: 0 there is a topology, to be filled in; 1 the files do not make one.
${examples(
  "vpn import a/cube-routed.conf b/cube-routed.conf --out topology.yaml",
  "vpn import cube-routed.conf     of the other server is known what this one's file says",
)}`,
    )
    .action(async (files: string[], options: OutcomeOptions) => {
      const { importVpnFiles } = await import("./vpn-import.js");
      await importVpnFiles(files, options);
    });

  agentOptions(clusterOptions(vpn.command("status")))
    .description("who is connected to which server, and the routes by which the servers reach them")
    .addHelpText(
      "after",
      `
Exit code: as of 'holdfast status': 0 every server is healthy, 3 something is wrong with one, 1 a server's agent does not
answer; what the others say is shown all the same.
${examples("vpn status -f overlay.yaml", "vpn status --json | jq '.clients[] | select(.name == \"host1\") | .server'")}`,
    )
    .action(async (options: AgentOptions) => {
      const { showVpn } = await import("./vpn-status.js");
      await showVpn(options);
    });

  clusterOptions(vpn.command("client"))
    .description("the profile that a client of the VPN servers is started with")
    .argument("<name>", "common name of its certificate; it need not be in the topology")
    .option(
      "--certificates <dir>",
      "put ca.crt, NAME.crt and NAME.key of this directory into the profile (default: it names them, beside it)",
    )
    .option("--server <name>", "the VPN server that it tries first (default: chosen by the client's name)")
    .option("--out <file>", "write the profile to a file with mode 0600 instead of standard output")
    .option("--force", "overwrite the file if it exists")
    .addHelpText(
      "after",
      examples(
        "vpn client host1 --certificates ./pki --out host1.ovpn",
        "vpn client laptop --server vpn-b > laptop.ovpn",
      ),
    )
    .action(async (name: string, options: VpnClientOptions) => {
      const { writeProfile } = await import("./vpn-client.js");
      await writeProfile(name, options);
    });
}

const examples = (...lines: readonly string[]): string =>
  `\nExamples:\n${lines.map((line) => `  $ holdfast ${line}`).join("\n")}`;

import { describe, expect, test } from "vitest";
import { checkConntrackd } from "../../src/deploy/conntrackd.js";
import { conntrackdDaemon } from "../../src/render/daemons.js";
import { paths } from "../../src/render/paths.js";
import { renderNode } from "../../src/render/render.js";
import { loadTopology } from "../../src/topology/load.js";
import { nodeNamed } from "../../src/topology/select.js";
import { exampleCluster } from "../render/examples.js";
import { edited } from "../topology/examples.js";
import { plugIn, type Sandbox, sandbox } from "./sandbox.js";

const cluster = exampleCluster("pair");
const node = nodeNamed(cluster, "lb-a");
const right = renderNode(cluster, node).filter(({ engine }) => engine === "conntrackd");
const staged = "/etc/conntrackd/.conntrackd.conf.holdfast-new";

/** Asks the real conntrackd about its file with `from` as `to`. */
async function judged({ run, install }: Sandbox, from: string, to: string): Promise<string | null> {
  await install(right.map((file) => ({ ...file, path: staged, body: file.body.replaceAll(from, to) })));
  return checkConntrackd({ run }, staged);
}

const broken: readonly [from: string, to: string, words: string][] = [
  ["HashSize", "HashSze", "parsing config file in line (31), symbol 'HashSze': syntax error"],
  ["DisableExternalCache On", "DisableExternalCache Oh", "parsing config file in line (5)"],
  ["IPv4_address 10.0.9.2\n", "IPv4_address 10.0.9.300\n", "10.0.9.300 is not a valid IPv4 address"],
  ["Interface eth3", "Interface eth9", "eth9 is an invalid interface"],
];

describe("a conntrackd.conf that is not in place yet", () => {
  test.each(["no conntrackd runs", "one runs"])("is judged by the real conntrackd while %s", async (when) => {
    await using machine = await sandbox();
    await plugIn(machine, node);
    if (when === "one runs") {
      await machine.install(right);
      machine.start(...conntrackdDaemon.argv);
      await expect
        .poll(async () => (await machine.run(["conntrackd", "-C", paths.conntrackdConf, "-s"])).exitCode)
        .toBe(0);
    }
    expect(await judged(machine, "eth3", "eth3")).toBeNull();
    for (const [from, to, words] of broken) expect(await judged(machine, from, to), to).toContain(words);
  });

  test("is refused by the topology for exactly the device names that conntrackd does not read", async () => {
    await using machine = await sandbox();
    await plugIn(machine, node);
    const names =
      `eth0 e1 ae0 ae0.1 beef beefs 3com _x x_ a-b on ON off yes No nope alarm Nack notrack FTFW persistent TCP tcp
      UDP UNIX unix ICMP Mode mode Sync Group Port Path path Type Default LISTEN CLOSE CLOSED for From Nice Policy
      Interface IPv4_interface SndSocketBuffer ExpectationSync StartupResync Helper nfct rpc ftp bond0 br-lan`.split(
        /\s+/,
      );
    for (const name of names) {
      const { problems } = loadTopology(
        edited("pair", ["eth3, address: 10.0.9.2", `"${name}", address: 10.0.9.2`]),
      );
      const words = await judged(machine, "Interface eth3", `Interface ${name}`);
      expect(
        problems.some(({ rule }) => rule.startsWith("sync-device-")),
        `${name}: ${words}`,
      ).toBe(words?.includes("parsing config file") ?? false);
    }
  });
});

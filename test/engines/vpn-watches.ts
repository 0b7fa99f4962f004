import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { VpnReportWithRoutes } from "../../src/agent/vpn/vpn-report.js";
import type { Vpn } from "../../src/topology/cluster.js";
import type { Sandbox } from "./sandbox.js";
import { transpiled } from "./transpiled.js";

/** The agents' part on the servers of an overlay, each a process of its server's machine. */
export class VpnWatches implements AsyncDisposable {
  private constructor(
    private readonly directory: string,
    private readonly program: string,
  ) {}

  static async prepare(vpn: Vpn): Promise<VpnWatches> {
    const directory = await mkdtemp(join(tmpdir(), "holdfast-watch-"));
    const program = await transpiled("test/engines/vpn-watch-child.ts", join(directory, "program"));
    await writeFile(join(directory, "vpn.json"), JSON.stringify(vpn));
    return new VpnWatches(directory, program);
  }

  start({ start }: Sandbox, server: string): void {
    start(process.execPath, this.program, server, join(this.directory, "vpn.json"));
  }

  /** Another topology runs on all servers. */
  async follow(vpn: Vpn, servers: readonly Sandbox[]): Promise<void> {
    await writeFile(join(this.directory, "vpn.json"), JSON.stringify(vpn));
    for (const { must } of servers) {
      await must("rm", "-f", "/run/report.json");
      await must("kill", "-HUP", (await must("cat", "/run/watch.pid")).trim());
    }
  }

  async kill({ must }: Sandbox): Promise<void> {
    await must("kill", "-KILL", (await must("cat", "/run/watch.pid")).trim());
  }

  /** What it last said; null where it has said nothing yet. */
  async report({ run }: Sandbox): Promise<VpnReportWithRoutes | null> {
    const { exitCode, stdout } = await run(["cat", "/run/report.json"]);
    return exitCode === 0 ? (JSON.parse(stdout) as VpnReportWithRoutes) : null;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return rm(this.directory, { recursive: true, force: true });
  }
}

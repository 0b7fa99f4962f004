import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { describe, expect, it } from "vitest";
import { agentDaemon, type Daemon, haproxyDaemon, keepalivedDaemon } from "../../src/render/daemons.js";
import { paths } from "../../src/render/paths.js";
import { inDeployment, repository } from "./deployment.js";

const files = repository("ansible/roles/holdfast/files");
const setting = (text: string, key: string): string | undefined =>
  text
    .split("\n")
    .findLast((line) => line.startsWith(`${key}=`))
    ?.slice(key.length + 1);

/** What a unit's command differs in from the lab supervisor's, and why. */
const units: { file: string; daemon: Daemon; argv: (argv: readonly string[]) => readonly string[] }[] = [
  // -Ws is -W that tells systemd when it is ready (HAProxy management guide, section 3).
  {
    file: "haproxy.conf",
    daemon: haproxyDaemon,
    argv: (argv) => argv.map((word) => (word === "-W" ? "-Ws" : word)),
  },
  // systemd reads syslog; with the console too, every line would stand in the journal twice.
  {
    file: "keepalived.conf",
    daemon: keepalivedDaemon,
    argv: (argv) => argv.filter((word) => word !== "--log-console"),
  },
  { file: "holdfast-agent.service", daemon: agentDaemon(["/usr/local/bin/holdfast"]), argv: (argv) => argv },
];

describe("systemd's units", () => {
  it.each(units)("$file runs what the lab's supervisor runs", async ({ file, daemon, argv }) => {
    const unit = await readFile(join(files, file), "utf8");
    expect(setting(unit, "ExecStart")?.split(" ")).toEqual(argv(daemon.argv));
    expect(setting(unit, "Restart")).toBe("always");
    expect(setting(unit, "RestartSec")).toBe(`${daemon.restartDelay}ms`);
    expect(setting(unit, "StartLimitIntervalSec")).toBe("0");
  });

  it("the agent waits for its node file and leaves no fault behind when it stops", () =>
    inDeployment(async ({ directory }) => {
      const unit = await readFile(join(files, "holdfast-agent.service"), "utf8");
      expect(setting(unit, "ConditionPathExists")).toBe(paths.nodeJson);
      const [, program = "", script = ""] = /^(\S+) '(.*)'$/.exec(setting(unit, "ExecStopPost") ?? "") ?? [];
      expect(script).toContain(paths.fault);
      const fault = join(directory, "fault");
      await execa(program, [script.replace(paths.fault, fault)]);
      expect(await readFile(fault, "utf8")).toBe("0\n");
    }));
});

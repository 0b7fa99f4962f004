import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { scheduleUnits } from "../../src/drill/schedule.js";
import {
  agentDaemon,
  conntrackdDaemon,
  type Daemon,
  haproxyDaemon,
  keepalivedDaemon,
  multiplexerDaemon,
} from "../../src/render/daemons.js";
import { atRealTimeIfPermitted } from "../../src/render/real-time.js";
import { repository } from "./deployment.js";
import { type Sandbox, sandbox } from "./sandbox.js";

const files = repository("packaging/systemd");
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
  { file: "conntrackd.conf", daemon: conntrackdDaemon, argv: (argv) => argv },
  {
    file: "holdfast-multiplexer.service",
    daemon: multiplexerDaemon(["/usr/bin/holdfast"]),
    argv: (argv) => argv,
  },
  { file: "holdfast-agent.service", daemon: agentDaemon(["/usr/bin/holdfast"]), argv: (argv) => argv },
];

const starter = "/usr/lib/holdfast/programs/start-engine.sh";

/**
 * The words of its command, as systemd.service(5) takes them apart: quoted by ' alone, $$ is a $. Where somebody else's
 * engine may run, the part that is started on a node.
 */
function commandOf(unit: string): string[] {
  const words = [...(setting(unit, "ExecStart") ?? "").matchAll(/'([^']*)'|(\S+)/g)].map(
    ([, quoted, plain]) => (quoted ?? plain ?? "").replaceAll("$$", "$"),
  );
  return words[0] === starter ? words.slice(1, words.indexOf("--")) : words;
}

const read = (file: string): Promise<string> => readFile(join(files, file), "utf8");

describe("systemd's units", () => {
  it.each(units)("$file runs what the lab's supervisor runs", async ({ file, daemon, argv }) => {
    const unit = await read(file);
    const own = argv(daemon.argv);
    expect(commandOf(unit)).toEqual(
      daemon.priority === null ? own : atRealTimeIfPermitted(daemon.priority, own),
    );
    expect(setting(unit, "Restart")).toBe("always");
    expect(setting(unit, "RestartSec")).toBe(`${daemon.restartDelay}ms`);
    expect(setting(unit, "StartLimitIntervalSec")).toBe("0");
  });

  it("are accepted by systemd, which names a setting it does not know", async () => {
    await using machine = await sandbox();
    await installUnits(machine, (unit) => unit);
    expect(await verify(machine)).toBe("");
    await installUnits(machine, (unit) => unit.replace("Restart=", "Restrat="));
    expect((await verify(machine)).match(/Unknown key( name)? 'Restrat'/g)).toHaveLength(units.length);
  });

  it("keepalived starts at real-time priority, and without where the machine does not permit it", async () => {
    await using machine = await sandbox();
    const keepalived = commandOf(await read("keepalived.conf"));
    const launcher = keepalived.slice(0, keepalived.indexOf(keepalivedDaemon.argv[0] ?? ""));
    const policy = async (...confined: string[]) => {
      const { stdout, stderr } = await machine.run([...confined, ...launcher, "chrt", "--pid", "0"]);
      return {
        policy: /policy: (\w+)/.exec(stdout)?.[1],
        priority: /priority: (\d+)/.exec(stdout)?.[1],
        stderr,
      };
    };
    expect(await policy()).toEqual({ policy: "SCHED_RR", priority: "40", stderr: "" });
    const refused = await policy("setpriv", "--bounding-set", "-sys_nice", "--inh-caps", "-sys_nice");
    expect(refused).toMatchObject({ policy: "SCHED_OTHER", priority: "0" });
    expect(refused.stderr).toContain("chrt runs without real-time priority");
  });

  it.each([agentDaemon([]), multiplexerDaemon([])])(
    "$name waits for its file",
    async ({ name, requires }) => {
      expect(setting(await read(`${name}.service`), "ConditionPathExists")).toBe(requires);
    },
  );

  it("the multiplexer reads its file again, and ends with nothing else", async () => {
    const unit = await read("holdfast-multiplexer.service");
    expect(setting(unit, "ExecReload")).toBe("/usr/bin/kill -HUP $MAINPID");
    expect(multiplexerDaemon([]).reload).toBe("SIGHUP");
    expect(unit).not.toMatch(/^(PartOf|BindsTo|Requires|Requisite)=/m);
  });

  it("our own may do little beyond their work, the multiplexer less than the agent", async () => {
    const exposure = async (unit: string) => {
      await using machine = await sandbox();
      await machine.install([{ path: "/run/holdfast-own.service", body: unit, ...attributes }]);
      const argv = ["systemd-analyze", "security", "--offline=true", "--no-pager"];
      const shown = await machine.must(...argv, "/run/holdfast-own.service");
      return Number(/exposure level for \S+: ([\d.]+)/.exec(shown)?.[1]);
    };
    const unit = await read("holdfast-agent.service");
    const agent = await exposure(unit);
    expect(agent).toBeLessThanOrEqual(4);
    expect(await exposure(unit.replace(/^CapabilityBoundingSet=.*$/m, ""))).toBeGreaterThan(4);
    expect(await exposure(await read("holdfast-multiplexer.service"))).toBeLessThan(agent);
  });
});

describe("the units of a schedule", () => {
  const [service, timer] = ["holdfast-drills-campus.service", "holdfast-drills-campus.timer"];
  const schedule = { cluster: "campus", drills: ["switchover"], on: "Sun 03:00" };

  it("are accepted by systemd, which reads hostile words as they are", async () => {
    await using machine = await sandbox();
    const hostile = [`a "b" 'c' \\`, "%n %% %H", "$HOME $(id) $$", "; rm", "#", "é"];
    const argv = [
      process.execPath,
      "-e",
      "console.log(JSON.stringify(process.argv.slice(1)))",
      "--",
      ...hostile,
    ];
    const units = scheduleUnits({ ...schedule, argv });
    for (const [name, body] of Object.entries(units))
      await machine.install([{ path: `/etc/systemd/system/${name}`, body, ...attributes }]);
    const { stdout, stderr } = await machine.run(["systemd-analyze", "verify", "--man=no", service, timer]);
    expect(stdout + stderr).toBe("");
  });

  it("a command that systemd will not start is named as it was meant", async () => {
    await using machine = await sandbox();
    const missing = `/nowhere/a "b" \\ %n $c/node`;
    const units = scheduleUnits({ ...schedule, argv: [missing, "drill"] });
    for (const [name, body] of Object.entries(units))
      await machine.install([{ path: `/etc/systemd/system/${name}`, body, ...attributes }]);
    const { stdout, stderr } = await machine.run(["systemd-analyze", "verify", "--man=no", service, timer]);
    expect(stdout + stderr).toContain(`${missing}\n`);
  });
});

const attributes = { mode: 0o644, owner: { user: "root", group: "root" }, engine: "systemd" } as const;

/** The units where systemd reads them; what is not installed here stands elsewhere. */
async function installUnits(machine: Sandbox, change: (unit: string) => string): Promise<void> {
  for (const { file, daemon } of units) {
    const name = file.endsWith(".service") ? file : `${daemon.name}.service.d/holdfast.conf`;
    const body = change(await read(file))
      .replaceAll("/usr/lib/holdfast/programs/", repository("programs/"))
      .replace("/usr/bin/holdfast", process.execPath);
    await machine.install([{ path: `/etc/systemd/system/${name}`, body, ...attributes }]);
  }
}

/** What systemd has to say about the units; it exits 0 even when it ignores a setting. */
async function verify({ run }: Sandbox): Promise<string> {
  const names = units.map(({ daemon }) => `${daemon.name}.service`);
  const { stdout, stderr } = await run(["systemd-analyze", "verify", "--man=no", ...names]);
  return stdout + stderr;
}

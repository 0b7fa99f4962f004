import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  chmodSync,
  chownSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { versionOf } from "../../scripts/package/version.mjs";
import { isThorough } from "../thorough.js";
import { repository } from "./deployment.js";

const directory = mkdtempSync(join(tmpdir(), "holdfast-package-test-"));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const run = (argv: readonly string[], env: Record<string, string> = {}): string => {
  const [file = "", ...args] = argv;
  return execFileSync(file, args, { encoding: "utf8", env: { ...process.env, ...env }, stdio: "pipe" });
};

/** Builds the package as a shell of these habits would, and returns its file. */
function build(out: string, habits: string, env: Record<string, string> = {}): string {
  const script = repository("scripts/package.mjs");
  const argv = ["sh", "-c", `${habits}; exec "$0" "$@"`, process.execPath, script, "--out", out];
  return run(argv, env).trim();
}

const escaped = (text: string): string => text.replace(/[.+]/g, "\\$&");

const digest = (path: string): string => createHash("sha256").update(readFileSync(path)).digest("hex");

describe("the Debian package", () => {
  let file: string;
  const root = join(directory, "root");
  const inside = (path: string): string => join(root, path);
  const field = (name: string): string => run(["dpkg-deb", "--field", file, name]).trim();

  beforeAll(() => {
    run([process.execPath, repository("scripts/setup.mjs")]);
    file = build(join(directory, "first"), "umask 022");
    run(["dpkg-deb", "--extract", file, root]);
  }, 180_000);

  /** The installed program, on a machine without any Node. */
  const holdfast = (...args: string[]): string => {
    const wrapper = readFileSync(inside("usr/bin/holdfast"), "utf8");
    const [, node = "", main = ""] = /^exec (\S+) (\S+) "\$@"$/m.exec(wrapper) ?? [];
    return execFileSync(inside(node), [inside(main), ...args], {
      encoding: "utf8",
      env: { PATH: "/nowhere" },
    });
  };

  it("runs where no Node is installed, and nothing of this repository is in reach", () => {
    expect(holdfast("--version").trim()).toBe(field("Version"));
    const pair = repository("examples/pair.yaml");
    expect(holdfast("validate", "-f", pair)).toContain("cluster campus: 2 nodes");
    const files = holdfast("render", "-f", pair, "--out", join(directory, "rendered"));
    expect(files).toContain("lb-a/etc/keepalived/keepalived.conf");
  });

  it("brings what Prometheus and Grafana are given", () => {
    for (const name of ["alerts.yaml", "alerts.test.yaml", "grafana.json"])
      expect(readFileSync(inside(`usr/lib/holdfast/monitoring/${name}`), "utf8")).toBe(
        readFileSync(repository(`monitoring/${name}`), "utf8"),
      );
  });

  it("is called by its commit, in the manual pages too", () => {
    const version = versionOf(repository("."));
    expect(field("Version")).toBe(version);
    expect(file).toMatch(new RegExp(`/holdfast_${escaped(version)}_${field("Architecture")}\\.deb$`));
    const page = gunzipSync(readFileSync(inside("usr/share/man/man1/holdfast.1.gz"))).toString();
    expect(page).toContain(`holdfast ${version}`);
  });

  it("makes certificates: what is loaded only when it is needed is there too", () => {
    const pki = join(directory, "pki");
    holdfast("pki", "init", "-f", repository("examples/pair.yaml"), "--pki", pki);
    expect(readdirSync(join(pki, "ca"))).toContain("ca.crt");
  });

  it.runIf(isThorough)(
    "has the same bytes again, whatever the umask, the time zone and the language",
    () => {
      const again = build(join(directory, "second"), "umask 077", { TZ: "Pacific/Apia", LC_ALL: "C" });
      expect(digest(again)).toBe(digest(file));
    },
    180_000,
  );

  // It looks at every file of every library for most of a minute.
  it.runIf(isThorough)(
    "passes lintian, which would not like a world-writable file",
    () => {
      const lint = (path: string) =>
        run(["lintian", "--allow-root", "--fail-on", "error,warning", "--no-tag-display-limit", path]);
      expect(lint(file)).toBe("");
      const bad = join(directory, "bad");
      run(["dpkg-deb", "--raw-extract", file, bad]);
      run(["rm", "-r", join(bad, "usr/lib/holdfast")]); // What takes it long is not asked about again.
      run(["chmod", "o+w", join(bad, "usr/bin/holdfast")]);
      run(["dpkg-deb", "--root-owner-group", "-Zgzip", "-z1", "--build", bad, join(directory, "bad.deb")]);
      expect(() => lint(join(directory, "bad.deb"))).toThrow();
    },
    180_000,
  );

  it("keeps the key's place to root, and nothing else from anybody", () => {
    const mode = (path: string) => (statSync(inside(path)).mode & 0o7777).toString(8);
    expect([mode("etc/holdfast"), mode("etc/holdfast/pki")]).toEqual(["755", "700"]);
    expect(mode("usr/lib/holdfast/programs/haproxy-went.sh")).toBe("755");
    expect(run(["find", inside("usr"), "!", "-perm", "-444"])).toBe("");
  });

  it("has every program that its units run", () => {
    const units = inside("usr/lib/systemd/system");
    const texts = [
      ...["holdfast-agent", "holdfast-multiplexer"].map((unit) =>
        readFileSync(join(units, `${unit}.service`), "utf8"),
      ),
      ...["keepalived", "haproxy", "conntrackd", "openvpn-server@", "bird"].map((engine) =>
        readFileSync(join(units, `${engine}.service.d/holdfast.conf`), "utf8"),
      ),
    ];
    const programs = texts.flatMap(
      (text) => text.match(/\/usr\/lib\/holdfast\/\S+|\/usr\/bin\/holdfast/g) ?? [],
    );
    expect(programs.length).toBeGreaterThan(5);
    for (const program of programs) expect(existsSync(inside(program)), program).toBe(true);
  });

  it("has a manual page for each command, and completions that each shell takes", () => {
    const pages = readdirSync(inside("usr/share/man/man1"));
    const help = holdfast("--help").split("\nCommands:\n")[1] ?? "";
    const commands = [...help.matchAll(/^ {2}([a-z]+) /gm)]
      .map(([, name]) => name)
      .filter((name) => name !== "help");
    expect(commands.length).toBeGreaterThan(15);
    for (const command of commands) expect(pages).toContain(`holdfast-${command}.1.gz`);
    const topology = gunzipSync(readFileSync(inside("usr/share/man/man5/holdfast-topology.5.gz"))).toString();
    expect(topology).toContain("virtual_router_id");
    run(["bash", "-n", inside("usr/share/bash-completion/completions/holdfast")]);
    run(["zsh", "-n", inside("usr/share/zsh/vendor-completions/_holdfast")]);
    run(["fish", "--no-execute", inside("usr/share/fish/vendor_completions.d/holdfast.fish")]);
  });

  it("has maintainer scripts that a shell can read", () => {
    const control = join(directory, "control");
    run(["dpkg-deb", "--control", file, control]);
    for (const script of ["postinst", "prerm", "postrm"]) run(["sh", "-n", join(control, script)]);
  });

  it.each([
    ["is installed", () => undefined],
    [
      "is upgraded, whoever opened it meanwhile",
      (pki: string) => {
        mkdirSync(pki, { recursive: true });
        chmodSync(pki, 0o755);
        chownSync(pki, 65_534, 65_534);
      },
    ],
  ])("keeps the key's place to root when it %s", (_, before) => {
    const etc = mkdtempSync(join(directory, "etc-"));
    for (const names of ["passwd", "group"]) copyFileSync(`/etc/${names}`, join(etc, names));
    const pki = join(etc, "holdfast/pki");
    before(pki);
    const programs = mkdtempSync(join(directory, "programs-"));
    for (const name of ["deb-systemd-helper", "deb-systemd-invoke", "systemctl"])
      symlinkSync("/bin/true", join(programs, name));
    const control = mkdtempSync(join(directory, "control-"));
    run(["dpkg-deb", "--control", file, control]);
    const configure = 'mount --bind "$1" /etc && exec sh "$2" configure 0.0.1';
    const argv = ["unshare", "--mount", "sh", "-c", configure, "sh", etc, join(control, "postinst")];
    run(argv, { PATH: `${programs}:${process.env.PATH}` });
    const { mode, uid, gid } = statSync(pki);
    expect({ mode: mode & 0o7777, uid, gid }).toEqual({ mode: 0o700, uid: 0, gid: 0 });
  });

  it("needs the whole perl, whose modules its programs use", () => {
    const modules = readdirSync(inside("usr/lib/holdfast/programs"))
      .filter((name) => name.endsWith(".pl"))
      .flatMap((name) => [
        ...readFileSync(inside(`usr/lib/holdfast/programs/${name}`), "utf8").matchAll(/^use ([A-Z][\w:]+)/gm),
      ])
      .map(([, module = ""]) => module);
    expect(modules).toContain("Time::HiRes"); // Not in perl-base.
    expect(field("Depends").split(", ")).toContain("perl");
  });

  it("passes on no library that only development needs", () => {
    const libraries = readdirSync(inside("usr/lib/holdfast/node_modules"));
    expect(libraries).toContain("fastify");
    expect(libraries).not.toContain("vitest");
    expect(libraries).not.toContain("typescript");
  });
});

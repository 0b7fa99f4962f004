// Brings a fresh machine to where the given npm script can run: engines through apt, packages through npm, the
// program compiled. Plain Node with no imports of its own, since it runs before anything is installed. Everything
// that is already there is left alone, so that a second run works offline.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { delimiter, dirname, join } from "node:path";

/** What each program of the machine is called, and the Debian package it comes in. */
const engines = {
  keepalived: "keepalived",
  haproxy: "haproxy",
  iptables: "iptables",
  conntrack: "conntrack",
  conntrackd: "conntrackd",
  "ovs-vsctl": "openvswitch-switch",
  "osken-manager": "python3-os-ken",
  ethtool: "ethtool",
  tcpdump: "tcpdump",
  fping: "fping",
  ping: "iputils-ping",
  arping: "iputils-arping",
  ip: "iproute2",
  sysctl: "procps",
  tini: "tini",
  openssl: "openssl",
  nsenter: "util-linux",
  // perl-base, which every Debian has, lacks Time::HiRes.
  pod2man: "perl",
};
const checkers = {
  bird: "bird2",
  chromium: "chromium",
  openvpn: "openvpn",
  curl: "curl",
  "ansible-playbook": "ansible-core",
  "ansible-lint": "ansible-lint",
  "systemd-analyze": "systemd",
  lintian: "lintian",
  promtool: "prometheus",
  vagrant: "vagrant",
  zsh: "zsh",
  fish: "fish",
};

const machines = {
  debootstrap: "debootstrap",
  "systemd-nspawn": "systemd-container",
  "ansible-playbook": "ansible-core",
  ssh: "openssh-client",
  "ssh-keygen": "openssh-client",
};

// An operator's machine makes packages and reaches nodes without the lab's programs.
const wanted = {
  ...(process.argv.includes("--program-only") ? {} : engines),
  ...(process.argv.includes("--with-checkers") ? checkers : {}),
  ...(process.argv.includes("--with-machines") ? machines : {}),
};

function run(command, args, options = {}) {
  const result = spawnSync(command, args, { stdio: "inherit", ...options });
  if (result.error) throw result.error;
  if (result.status !== 0) {
    process.stderr.write(`setup: '${command} ${args.join(" ")}' failed with exit code ${result.status}\n`);
    process.exit(1);
  }
}

function isOnPath(program) {
  return [...(process.env.PATH ?? "").split(delimiter), "/usr/sbin", "/sbin"].some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

function installEngines() {
  const missing = Object.entries(wanted).filter(([program]) => !isOnPath(program));
  if (missing.length === 0) return;
  const packages = [...new Set(missing.map(([, name]) => name))].sort();
  if (process.getuid?.() !== 0) {
    process.stderr.write(`setup: run as root, or install first: apt-get install ${packages.join(" ")}\n`);
    process.exit(1);
  }
  process.stdout.write(`setup: installing ${packages.join(", ")}\n`);
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  run("apt-get", ["update", "-qq"], { env });
  startNothing();
  run("apt-get", ["install", "-y", "-qq", "--no-install-recommends", ...packages], {
    env,
    stdio: ["ignore", "ignore", "inherit"],
  });
  // Only its checker is wanted: nor is it to begin when the machine starts again.
  if (packages.includes("prometheus"))
    spawnSync("systemctl", ["--quiet", "disable", "prometheus"], { stdio: "ignore" });
}

/**
 * Until this ends, packages start no daemon: the lab and the tests have their own. Where systemd does not run none would
 * be; where it does, whoever starts one for a package asks this file first (invoke-rc.d(8), deb-systemd-invoke(1)).
 */
function startNothing() {
  const policy = join(process.env.DPKG_ROOT ?? "/", "usr/sbin/policy-rc.d");
  if (existsSync(policy)) return;
  process.on("exit", () => rmSync(policy, { force: true }));
  // A signal ends apt-get, and by that this, in the way that takes the file away.
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => process.exit(1));
  mkdirSync(dirname(policy), { recursive: true });
  writeFileSync(policy, "#!/bin/sh\nexit 101\n", { mode: 0o755 });
}

/** Runs `work` unless the stamp says that it ran for the same input. */
function once(stamp, input, work) {
  const digest = createHash("sha256").update(input).digest("hex");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === digest) return;
  work();
  writeFileSync(stamp, digest);
}

function sources(folder) {
  return readdirSync(folder, { recursive: true })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile())
    .sort();
}

function fingerprint(paths) {
  return paths.map((path) => `${path}\n${readFileSync(path, "utf8")}`).join("\n");
}

installEngines();
once("node_modules/.holdfast-lock", readFileSync("package-lock.json", "utf8"), () => {
  process.stdout.write("setup: installing npm packages\n");
  run("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"]);
});
mkdirSync("dist", { recursive: true });
once(
  "dist/.built",
  fingerprint([...sources("src"), "tsconfig.json", "tsconfig.build.json", "vite.config.ts"]),
  () => {
    process.stdout.write("setup: compiling\n");
    run("npm", ["run", "--silent", "build"]);
  },
);

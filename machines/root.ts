import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { engines, vpnEngines } from "../scripts/package/control.mjs";
import { must } from "../src/lab/command.js";
import { aptIn, aptSources, sourcesList } from "./apt.js";

/** Where roots are kept from one run to the next. */
const cache = "/var/cache/holdfast/machines";

const suite = "bookworm";

/** What a fresh machine has: enough to be reached by SSH and managed by Ansible. */
const installed = [
  ...["dbus", "iproute2", "libpam-systemd", "openssh-server", "python3", "python3-apt", "sudo"],
  ...["systemd", "systemd-sysv"],
];

/** What a controller runs; debootstrap cannot put its many parts in order, apt can. */
const controller = "python3-os-ken";

/** What the machines can install with no mirror in reach: apt finds it where it would have downloaded it to. */
const inReach = [...engines, ...vpnEngines];

/** Minutes, in milliseconds. */
const patience = 10 * 60_000;

const unfinished = ".begun-";

/** Another recipe is another root; what the packages are is the mirror's matter, and no part of it. */
const recipe = createHash("sha256")
  .update(JSON.stringify({ version: 3, suite, installed, controller, inReach }))
  .digest("hex")
  .slice(0, 16);

/** The root that all machines are booted from, and never written to; made when there is none. */
export async function debianRoot(progress: (text: string) => void): Promise<string> {
  const root = join(cache, recipe);
  mkdirSync(cache, { recursive: true, mode: 0o755 });
  for (const name of readdirSync(cache)) if (isOutdated(name)) remove(join(cache, name));
  if (existsSync(root)) return root;
  progress(`making a Debian root in ${root}`);
  const begun = mkdtempSync(join(cache, unfinished));
  try {
    await make(begun);
    renameSync(begun, root);
  } catch (error) {
    remove(begun);
    if (!existsSync(root)) throw error; // Otherwise another run was faster.
  }
  return root;
}

/** Of an older recipe, or begun by a run that was killed: nobody works on one for so long. */
const isOutdated = (name: string): boolean =>
  name.startsWith(unfinished)
    ? Date.now() - statSync(join(cache, name)).mtimeMs > 6 * patience
    : name !== recipe;

const remove = (path: string): void => rmSync(path, { recursive: true, force: true });

async function make(root: string): Promise<void> {
  const sources = await aptSources();
  const main = sources.find((source) => source.suite === suite);
  if (main === undefined)
    throw new Error(`apt on this machine knows no ${suite}: no root of it can be made from its mirror`);
  const kind = ["--variant=minbase", `--include=${installed.join(",")}`];
  await must(["debootstrap", ...kind, suite, root, main.uri], { timeout: patience });
  writeFileSync(join(root, "etc/apt/sources.list"), sourcesList(sources));
  // What it was made of is installed, and of no more use.
  rmSync(join(root, "var/cache/apt/archives"), { recursive: true, force: true });
  mkdirSync(join(root, "var/cache/apt/archives/partial"), { recursive: true });
  await must([...aptIn(root), "update"], { timeout: patience });
  const all = ["install", "--download-only", "--yes", "--no-install-recommends", ...inReach];
  await must([...aptIn(root), ...all, controller], { timeout: patience });
  const inside = [
    "systemd-nspawn",
    "--quiet",
    `--directory=${root}`,
    "--register=no",
    "--keep-unit",
    "--pipe",
  ];
  const install = ["apt-get", "--quiet=2", "install", "--yes", "--no-install-recommends", controller];
  await must([...inside, "--setenv=DEBIAN_FRONTEND=noninteractive", ...install], { timeout: patience });
  // Each machine has a name of its own, and asks nobody for others.
  for (const file of ["hostname", "resolv.conf", "machine-id"])
    rmSync(join(root, "etc", file), { force: true });
  writeFileSync(join(root, "etc/machine-id"), "");
}

import { spawnSync } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { type Kinds, missing as missingForLab } from "../src/lab/requirements.js";

const programs: readonly (readonly [path: string, debianPackage: string])[] = [
  ["/usr/sbin/debootstrap", "debootstrap"],
  ["/usr/bin/systemd-nspawn", "systemd-container"],
  ["/usr/bin/ansible-playbook", "ansible-core"],
  ["/usr/bin/ssh", "openssh-client"],
];

export interface Surroundings {
  readonly isRoot: boolean;
  exists(path: string): boolean;
  /** Namespaces of its own are what a container, though root, may not always make. */
  readonly mayUnshare: boolean;
  readonly mayOverlay: boolean;
  isWritable(path: string): boolean;
}

/** What keeps this computer from booting machines, as one sentence; null when nothing does. */
export function cannotBoot(
  { isRoot, exists, mayUnshare, mayOverlay, isWritable }: Surroundings,
  kinds: Kinds = { nodes: true, vpnServers: false },
): string | null {
  const lack = missingForLab(isRoot, exists, kinds);
  if (lack !== null) return lack;
  const absent = programs.filter(([path]) => !exists(path));
  if (absent.length > 0)
    return `booting machines needs ${absent.map(([path]) => path).join(", ")}: run 'apt-get install ${absent.map(([, name]) => name).join(" ")}'`;
  if (!mayUnshare) return "this machine permits no namespaces of its own, as most containers do";
  if (!mayOverlay) return "overlay file systems cannot be mounted here";
  const groups = ["/sys/fs/cgroup/systemd", "/sys/fs/cgroup"].filter((tree) =>
    exists(`${tree}/cgroup.procs`),
  );
  if (groups.length === 0)
    return "no control groups are mounted below /sys/fs/cgroup: systemd does not boot without";
  if (!groups.every(isWritable)) return "the control groups below /sys/fs/cgroup cannot be written to";
  return null;
}

/** In a mount namespace of its own, which ends with it. */
const overlay = `
mount -t tmpfs tmpfs /tmp && mkdir /tmp/lower /tmp/upper /tmp/work /tmp/all &&
mount -t overlay overlay -o lowerdir=/tmp/lower,upperdir=/tmp/upper,workdir=/tmp/work /tmp/all`;

export const surroundings = (): Surroundings => ({
  isRoot: process.getuid?.() === 0,
  exists: (path) => may(path, constants.R_OK),
  mayUnshare: spawnSync("unshare", ["--mount", "--net", "--pid", "--fork", "true"]).status === 0,
  mayOverlay: spawnSync("unshare", ["--mount", "sh", "-c", overlay]).status === 0,
  isWritable: (path) => may(path, constants.W_OK),
});

function may(path: string, mode: number): boolean {
  try {
    accessSync(path, mode);
    return true;
  } catch {
    return false;
  }
}

import { accessSync, constants, existsSync, readFileSync } from "node:fs";
import { missing as missingForLab } from "../src/lab/requirements.js";

const programs: readonly (readonly [path: string, debianPackage: string])[] = [
  ["/usr/sbin/debootstrap", "debootstrap"],
  ["/usr/bin/systemd-nspawn", "systemd-container"],
  ["/usr/bin/ansible-playbook", "ansible-core"],
  ["/usr/bin/ssh", "openssh-client"],
];

export interface Surroundings {
  readonly isRoot: boolean;
  exists(path: string): boolean;
  /** The lines of /proc/filesystems. */
  readonly filesystems: readonly string[];
}

/** What keeps this computer from booting machines, as one sentence; null when nothing does. */
export function cannotBoot({ isRoot, exists, filesystems }: Surroundings): string | null {
  const lack = missingForLab(isRoot, exists);
  if (lack !== null) return lack;
  const absent = programs.filter(([path]) => !exists(path));
  if (absent.length > 0)
    return `booting machines needs ${absent.map(([path]) => path).join(", ")}: run 'apt-get install ${absent.map(([, name]) => name).join(" ")}'`;
  if (!filesystems.some((line) => line.endsWith("\toverlay"))) return "the kernel has no overlay file system";
  const groups = ["/sys/fs/cgroup/systemd/cgroup.procs", "/sys/fs/cgroup/cgroup.procs"];
  if (!groups.some(exists))
    return "no control groups are mounted below /sys/fs/cgroup: systemd does not boot without";
  return null;
}

export const surroundings = (): Surroundings => ({
  isRoot: process.getuid?.() === 0,
  exists: (path) => existsSync(path) && isReadable(path),
  filesystems: existsSync("/proc/filesystems") ? readFileSync("/proc/filesystems", "utf8").split("\n") : [],
});

function isReadable(path: string): boolean {
  try {
    accessSync(path, constants.R_OK);
    return true;
  } catch {
    return false;
  }
}

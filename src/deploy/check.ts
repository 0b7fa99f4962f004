import type { Host } from "../host/host.js";
import type { FileEngine, RenderedFile } from "../render/file.js";
import { checkConntrackd } from "./conntrackd.js";
import { wantedSettings } from "./kernel-settings.js";
import { checkOpenvpn } from "./openvpn.js";
import type { NodePlan } from "./plan.js";
import { checkRules } from "./rules.js";
import { checkSettings } from "./settings.js";

/** A file that its own engine refuses. */
export interface Refusal {
  readonly path: string;
  readonly engine: FileEngine;
  /** The engine's own words, with the file's final name. */
  readonly words: string;
}

type Checker = (host: Host, file: RenderedFile, staged: string, machine: string) => Promise<string | null>;

/** `iptables-restore --test` and friends; what has no checker (`ip -batch`) is judged by what it does. */
const checkers: Partial<Readonly<Record<FileEngine, Checker>>> = {
  haproxy: (host, _file, staged) => accepts(host, ["haproxy", "-c", "-f", staged]),
  // Exit codes above 0 differ between versions; all of them mean that something is not as it was written.
  keepalived: (host, _file, staged) => accepts(host, ["keepalived", "-t", "-f", staged]),
  conntrackd: (host, _file, staged) => checkConntrackd(host, staged),
  iptables: (host, file) => checkRules(host, 4, file.body),
  ip6tables: (host, file) => checkRules(host, 6, file.body),
  openvpn: (host, file, staged, machine) => checkOpenvpn(host, file, staged, machine),
  bird: (host, _file, staged) => accepts(host, ["bird", "-p", "-c", staged]),
  sysctl: (host, file) => checkSettings(host, wantedSettings([file])),
};

/** Engines whose checker looks at something in this plan. */
export const checkedEngines = (plan: NodePlan): FileEngine[] => [
  ...new Set(
    plan.changes.filter(({ engine, after }) => after && engine in checkers).map(({ engine }) => engine),
  ),
];

/**
 * Asks every engine about its staged file; all refusals are returned together.
 *
 * @param machine its name in the topology
 */
export async function checkStaged(
  host: Host,
  machine: string,
  files: readonly RenderedFile[],
  staged: ReadonlyMap<string, string>,
): Promise<Refusal[]> {
  const refusals = await Promise.all(
    files.map(async (file): Promise<Refusal[]> => {
      const place = staged.get(file.path);
      const words = place === undefined ? null : await checkers[file.engine]?.(host, file, place, machine);
      if (!words || place === undefined) return [];
      return [{ path: file.path, engine: file.engine, words: words.replaceAll(place, file.path) }];
    }),
  );
  return refusals.flat();
}

async function accepts(host: Host, argv: readonly string[]): Promise<string | null> {
  const { exitCode, stdout, stderr } = await host.run(argv);
  return exitCode === 0 ? null : `${stderr}${stdout}`.trim() || `exit code ${exitCode}`;
}

import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { execa, execaSync } from "execa";

/** Of a file of what was built. `right` stands there once. */
interface Edit {
  readonly file: string;
  readonly right: string;
  readonly wrong: string;
}

/** A mistake that somebody could make in the program. */
export interface Mistake {
  readonly name: string;
  /** More than one where each of them alone does no harm, as another part of the program stands in. */
  readonly edits: readonly Edit[];
  /** An example, and the drills of which at least one has to fail on it. */
  readonly topology: string;
  readonly drills: readonly string[];
  /** What one of them says of it. */
  readonly reason: RegExp;
}

export const mistakes: readonly Mistake[] = [
  {
    name: "no sync group",
    edits: [{ file: "dist/render/keepalived.js", right: "group: grouped ?", wrong: "group: false ?" }],
    topology: "pair",
    drills: ["link-down"],
    reason: /still has|two owners for|did not move alike|did not recover/,
  },
  {
    // keepalived takes what it finds off as it starts again: it is to stay dead.
    name: "orphaned addresses left",
    edits: [
      {
        file: "dist/agent/engines/orphans.js",
        right: "const begun = performance.now();",
        wrong: "if (batch !== undefined) return Promise.resolve(0);\n    const begun = performance.now();",
      },
    ],
    topology: "pair",
    drills: ["keepalived-dead"],
    reason: /says that it has/,
  },
  {
    name: "no state sync",
    edits: [
      {
        file: "dist/topology/select.js",
        right: "export const keepsSessions = (",
        wrong: "export const keepsSessions = () => false;\nexport const kept = (",
      },
    ],
    topology: "campus-routed",
    drills: ["power-loss"],
    reason: /sessions ended/,
  },
  {
    name: "stale sessions not released",
    edits: [
      {
        file: "dist/agent/release/release-watch.js",
        right: "if (suspects.length === 0)",
        wrong: "if (suspects.length >= 0)",
      },
    ],
    topology: "pair",
    drills: ["power-loss"],
    // The probes' own sessions say something all the time, and are answered with a reset; idle ones are told of by the agent.
    reason: /no event release says/,
  },
  {
    // A coordinator alone does a pair no harm: whoever refused has voted against the change, and two of two votes are needed.
    name: "an apply that is not atomic: a node does not go back as another refuses",
    edits: [
      {
        file: "dist/deploy/local-participant.js",
        right: "await this.parts.undisturbed(() => this.#change.undo());",
        wrong: "true;",
      },
    ],
    topology: "pair",
    drills: ["commit-refused"],
    reason: /run different generations/,
  },
];

/** The program as it was built, with a mistake in it, in a folder of its own. */
export function brokenBuild({ edits }: Pick<Mistake, "edits">): { readonly root: string; remove(): void } {
  // Machines of the lab see this folder and no other, so that what the program needs is in it, at no cost.
  const root = mkdtempSync(resolve(".broken-build-"));
  for (const part of ["dist", "templates", "programs", "lab", "examples", "package.json"])
    cpSync(part, join(root, part), { recursive: true });
  execaSync("cp", ["-al", "node_modules", root]);
  for (const { file, right, wrong } of edits) {
    const before = readFileSync(join(root, file), "utf8");
    if (before.split(right).length !== 2) throw new Error(`${file} does not have once: ${right}`);
    writeFileSync(join(root, file), before.replace(right, wrong));
  }
  return { root, remove: () => rmSync(root, { recursive: true, force: true }) };
}

/** What came of drills: what was judged, and how the cluster was not ready for the rest. */
export interface Found {
  readonly failed: readonly string[];
  readonly reasons: readonly string[];
  readonly unready: string | null;
}

interface Reported {
  readonly results: readonly {
    readonly drill: string;
    readonly verdict: { readonly pass: boolean; readonly reasons: readonly string[] };
  }[];
  readonly unready: string | null;
}

/** Has the program in `root` make a lab and run drills there; throws what they said where they could not be run. */
export async function drillsOf(
  root: string,
  { topology, drills }: Pick<Mistake, "topology" | "drills">,
  prepare: (holdfast: (...argv: string[]) => Promise<unknown>, file: string) => Promise<unknown> = async () =>
    null,
): Promise<Found> {
  const desk = mkdtempSync(join(tmpdir(), "holdfast-desk-"));
  const file = join(desk, "broken.yaml");
  const written = readFileSync(`examples/${topology}.yaml`, "utf8");
  writeFileSync(file, written.replace(/^cluster: .*$/m, "cluster: brokenbuild"));
  const main = join(root, "dist/cli/main.js");
  const holdfast = (...argv: string[]) => execa(process.execPath, [main, ...argv], { reject: false });
  try {
    const up = await holdfast("lab", "up", "-f", file);
    if (up.exitCode !== 0) throw new Error(`the lab is not up: ${up.stderr}`);
    await prepare(holdfast, file);
    const ran = await holdfast("drill", "run", ...drills, "-f", file, "--lab", "--json");
    if (ran.exitCode !== 0 && ran.exitCode !== 4) throw new Error(`the drills did not run: ${ran.stderr}`);
    const { results, unready } = JSON.parse(ran.stdout) as Reported;
    const failed = results.filter(({ verdict }) => !verdict.pass);
    return {
      failed: failed.map(({ drill }) => drill),
      reasons: failed.flatMap(({ verdict }) => verdict.reasons),
      unready,
    };
  } finally {
    await holdfast("lab", "down", "-f", file);
    rmSync(desk, { recursive: true });
  }
}

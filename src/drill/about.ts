/** When, on what and by what drills were run: what a paper needs that is to be believed later. */
export interface About {
  /** A lab of this machine, or the real nodes. */
  readonly where: "lab" | "nodes";
  /** ISO 8601, UTC. */
  readonly begun: string;
  readonly ended: string;
  /** SHA-256 of the topology's text, as hexadecimal digits. */
  readonly topologyDigest: string;
  /** By program; where machines have different ones, with their names. */
  readonly versions: Readonly<Record<string, string>>;
  /** What the drills' choices follow from; null where they were named. */
  readonly seed: number | null;
}

/** What programs one machine has. */
export interface Installed {
  readonly machine: string;
  readonly versions: ReadonlyMap<string, string>;
}

/** One version a program where all that have it agree, else each with its machine. */
export function agreed(installed: readonly Installed[]): Record<string, string> {
  const programs = [...new Set(installed.flatMap(({ versions }) => [...versions.keys()]))];
  return Object.fromEntries(
    programs.map((program) => {
      const own = installed.flatMap(({ machine, versions }) => {
        const version = versions.get(program);
        return version === undefined ? [] : [{ machine, version }];
      });
      const different = new Set(own.map(({ version }) => version));
      const each = own.map(({ machine, version }) => `${version} (${machine})`);
      return [program, different.size === 1 ? [...different].join() : each.join(", ")];
    }),
  );
}

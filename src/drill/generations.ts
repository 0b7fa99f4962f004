import type { Lab } from "../lab/lab.js";
import { readManifest } from "../observe/kept-generation.js";
import type { NodeState } from "../observe/state.js";

/** The generation that a node runs; null where none does, as while it is off. */
export type Running = Pick<NodeState, "name" | "generation">;

/** As their files say: no program is started for it while something is measured. */
export const generationsOf = ({ cluster, machine }: Lab): Promise<Running[]> =>
  Promise.all(
    cluster.nodes.map(async ({ name }) => {
      try {
        const manifest = await readManifest(machine(name).host);
        return { name, generation: manifest && { number: manifest.number, digest: manifest.digest } };
      } catch {
        return { name, generation: null }; // Off, or booting.
      }
    }),
  );

import type { Cluster } from "./cluster.js";
import { draftOf } from "./draft.js";
import { parseTopology } from "./parse.js";
import type { Problem } from "./problem.js";
import { resolve } from "./resolve.js";
import { rules } from "./rules.js";

/**
 * A topology file's text to its cluster. All errors and warnings together, in the order of the file;
 * the cluster is null if any of them is an error.
 */
export function loadTopology(text: string): { cluster: Cluster | null; problems: Problem[] } {
  const { problems: shape, topology } = parseTopology(text);
  if (topology === null) return { cluster: null, problems: inOrder(shape) };
  const { places, isWhole } = topology;
  const draft = draftOf(topology.spec);
  const meaning = rules
    .filter(({ about }) => isWhole || about === "parts")
    .flatMap(({ name, severity, check }) =>
      check(draft).map(({ at, message, key }): Problem => {
        const place = key === true ? places.atKey(at) : places.at(at);
        return { rule: name, severity, ...place, message };
      }),
    );
  const problems = inOrder([...shape, ...meaning]);
  const broken = problems.some(({ severity }) => severity === "error");
  return { cluster: broken ? null : resolve(draft), problems };
}

const inOrder = (problems: readonly Problem[]): Problem[] =>
  [...problems].sort((a, b) => a.position.line - b.position.line || a.position.column - b.position.column);

import { isSame, label } from "../deploy/generation.js";
import type { KeptPlan } from "./plan-file.js";

/**
 * What changed since a plan was made, a clause each: generations that run, files and engines of nodes, the topology.
 *
 * @param authors who made the generation of that number, as far as that is known
 */
export function planDifferences(
  kept: KeptPlan,
  now: KeptPlan,
  authors: ReadonlyMap<number, string> = new Map(),
): string[] {
  const before = new Map(kept.nodes.map((node) => [node.name, node]));
  const names = new Set(now.nodes.map(({ name }) => name));
  const by = (generation: Node["from"]) => {
    const author = generation === null ? undefined : authors.get(generation.number);
    return author === undefined ? "" : ` of ${author}`;
  };
  const sameWish = kept.generation.digest === now.generation.digest;
  return [
    ...(sameWish ? [] : ["the topology file, or this program, is another one"]),
    ...kept.nodes.flatMap(({ name }) => (names.has(name) ? [] : [`${name} takes no part any more`])),
    ...now.nodes.flatMap((node) => {
      const old = before.get(node.name);
      if (old === undefined) return [`${node.name} takes part now`];
      if (!isSame(old.from, node.from))
        return [
          `${node.name} runs ${generationOf(node.from)}${by(node.from)} instead of ${generationOf(old.from)}`,
        ];
      return sameWish ? edits(old, node) : [];
    }),
  ];
}

type Node = KeptPlan["nodes"][number];

/** From one generation to another the plan is the same, unless somebody was at work on the node by hand. */
function edits(old: Node, now: Node): string[] {
  const planned = ({ changes }: Node) => new Map(changes.map(({ path, kind, diff }) => [path, kind + diff]));
  const [was, is] = [planned(old), planned(now)];
  const paths = [...new Set([...was.keys(), ...is.keys()])].filter((path) => was.get(path) !== is.get(path));
  const drift = now.drift.filter((sentence) => !old.drift.includes(sentence));
  const over = old.drift.filter((sentence) => !now.drift.includes(sentence));
  return [
    ...paths.map((path) => `${now.name}: ${path} was edited`),
    ...drift.map((sentence) => `${now.name}: ${sentence}`),
    ...over.map((sentence) => `${now.name}: no longer is it so that ${sentence}`),
  ];
}

const generationOf = (generation: Node["from"]): string =>
  generation === null ? "nothing" : `generation ${label(generation)}`;

/** Of an agent's plan, what this page reads. */
export interface Plan {
  readonly isEmpty: boolean;
  readonly nodes: readonly {
    readonly name: string;
    readonly isEmpty: boolean;
    /** Sentences: what it means for those who use the cluster. */
    readonly impact: readonly string[];
  }[];
  readonly without: readonly { readonly node: string; readonly why: string }[];
}

/** What a change costs, as every node says: sentences, each once. Pure. */
export function costOfPlan({ isEmpty, nodes, without }: Plan): string[] {
  const said = new Map<string, string[]>();
  for (const { name, impact, isEmpty: isStill } of nodes)
    for (const sentence of isStill ? [] : impact) said.set(sentence, [...(said.get(sentence) ?? []), name]);
  return [
    ...(isEmpty ? ["nothing: every node runs that already"] : []),
    ...[...said].map(([sentence, names]) => `${names.join(" and ")}: ${sentence}`),
    ...without.map(({ node, why }) => `${node} (${why}) takes no part, and catches up later`),
  ];
}

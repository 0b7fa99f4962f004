/**
 * Of several nodes that know the same, which one tells it: the one whose event it is, the one that has the virtual IPs, or of two
 * that both say they have them the first in alphabetical order, and the other only where it does not hear the first.
 */
export type Teller = "this node" | "the active node" | { readonly firstOf: string };

/** Where the node stands at the moment of an event. */
export interface Standing {
  /** It has the virtual IPs. */
  readonly isActive: boolean;
  /** It took them over, and is about to tell why: what came of it waits for that. */
  readonly isExplaining: boolean;
  hears(node: string): boolean;
}

/** Whether it is for `node` to tell. */
export function tells(
  teller: Teller,
  node: string,
  { isActive, hears }: Pick<Standing, "isActive" | "hears">,
): boolean {
  if (teller === "this node") return true;
  if (teller === "the active node") return isActive;
  const { firstOf } = teller;
  return node < firstOf || !hears(firstOf);
}

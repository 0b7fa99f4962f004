/** What the agent says before something is done. */
export interface Check {
  /** False while it has not said anything yet. */
  readonly known: boolean;
  /** What speaks against it; null where nothing does. */
  readonly obstacle: string | null;
  /** Whoever insists may do it all the same. */
  readonly forceable: boolean;
  /** What is worth knowing although it stands in nobody's way. */
  readonly warnings: readonly string[];
}

/** Of what the agent has nothing to look at beforehand. */
export const unchecked: Check = { known: true, obstacle: null, forceable: false, warnings: [] };

/** Of an answer that may not have come, or not for want of it. Pure. */
export function checkOf<T>(
  { answer, trouble }: { readonly answer: T | null; readonly trouble: string | null },
  read: (answer: T) => Omit<Check, "known">,
): Check {
  if (trouble !== null) return { known: true, obstacle: trouble, forceable: false, warnings: [] };
  if (answer === null) return { ...unchecked, known: false };
  return { known: true, ...read(answer) };
}

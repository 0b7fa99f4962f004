export interface DiffLine {
  readonly kind: "added" | "removed" | "place" | "same";
  readonly text: string;
}

/** The lines of a unified diff, each with what it is. Pure. */
export function diffLines(diff: string): DiffLine[] {
  const lines = diff.replace(/\n$/, "").split("\n");
  let inside = false;
  return lines.map((text) => {
    if (text.startsWith("@@")) inside = true;
    return { kind: kindOf(text, inside), text };
  });
}

/** Before the first @@ stand the names of both sides, which begin with signs as well. */
function kindOf(text: string, inside: boolean): DiffLine["kind"] {
  if (text.startsWith("@@") || !inside) return "place";
  return text.startsWith("+") ? "added" : text.startsWith("-") ? "removed" : "same";
}

/** For who cannot see it at a glance: `2 lines added, 1 removed`. */
export function diffSum(lines: readonly DiffLine[]): string {
  const count = (kind: DiffLine["kind"]) => lines.filter((line) => line.kind === kind).length;
  const [added, removed] = [count("added"), count("removed")];
  return `${added} ${added === 1 ? "line" : "lines"} added, ${removed} removed`;
}

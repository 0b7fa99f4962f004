/** A line of a file that somebody wrote by hand. */
export interface Place {
  /** As the operator named it. */
  readonly file: string;
  /** 1-based. */
  readonly line: number;
}

/**
 * lost: nothing in the topology does it. replaced: holdfast has a way of its own. look: the topology has it, but a human
 * has to see whether that is right, or to fill in what no file says.
 */
export type FindingKind = "lost" | "replaced" | "look";

/** Something that did not simply become a part of the topology. */
export interface Finding extends Place {
  readonly kind: FindingKind;
  /** What stands in the file, or is missing there. */
  readonly what: string;
  readonly why: string;
  /** What to do; empty where nothing has to be done. */
  readonly cure: string;
}

export type Tell = (place: Place, kind: FindingKind, what: string, why: string, cure?: string) => void;

/** More than this of one kind helps nobody, and a hostile file gets no more. */
const mostOfAKind = 500;

/** Collects findings; the same one about the same line is kept once, and of too many the rest is counted. */
export function findings(): { readonly tell: Tell; inOrder(): Finding[] } {
  const seen = new Map<string, Finding>();
  const count = new Map<FindingKind, number>();
  const more = new Map<FindingKind, { readonly first: Place; readonly keys: Set<string> }>();
  return {
    tell: ({ file, line }, kind, what, why, cure = "") => {
      const key = JSON.stringify([file, line, kind, what, why]);
      const before = count.get(kind) ?? 0;
      if (seen.has(key)) return;
      if (before >= mostOfAKind) {
        const rest = more.get(kind) ?? { first: { file: oneLine(file), line }, keys: new Set<string>() };
        rest.keys.add(key);
        more.set(kind, rest);
        return;
      }
      count.set(kind, before + 1);
      const words = { what: oneLine(withoutSecret(what)), why: oneLine(why), cure: oneLine(cure) };
      seen.set(key, { file: oneLine(file), line, kind, ...words });
    },
    inOrder: () => {
      const files = [...new Set([...seen.values()].map(({ file }) => file))];
      const listed = [...seen.values()].sort(
        (a, b) => files.indexOf(a.file) - files.indexOf(b.file) || a.line - b.line,
      );
      const rests = [...more].map(
        ([kind, { first, keys }]): Finding => ({
          ...first,
          kind,
          what: `and ${keys.size} more`,
          why: `${mostOfAKind} of a kind are listed; this is where the first of the others stands`,
          cure: "see to those that are listed and import again",
        }),
      );
      return [...listed, ...rests];
    },
  };
}

/** Tells as `tell` does, and keeps what a human has to look at for a comment in the topology. */
export function remarking(tell: Tell): { readonly tell: Tell; readonly remarks: string[] } {
  const remarks: string[] = [];
  return {
    remarks,
    tell: (place, kind, what, why, cure) => {
      if (kind === "look") remarks.push(`${withoutSecret(what)}: ${why}`);
      tell(place, kind, what, why, cure);
    },
  };
}

/** What follows one of these words in a line may open something: `auth_pass`, `tcp-check send AUTH`, a header. */
const withoutSecret = (text: string): string =>
  text.replace(/(\bauth_pass|authorization|\bauth|\bpassw(?:or)?d)([\s:=]+).+$/is, "$1$2...");

/** Nothing in what a file says may steer a terminal or forge a line (UAX 44, categories C, Zl and Zp). */
export const oneLine = (text: string): string =>
  text.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, "?").replace(/^(.{400}).+$/u, "$1...");

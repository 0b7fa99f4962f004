import type { DriftItem } from "../api/documents.js";
import { attributesChange, bodyChanges, type Change, type PresentFile } from "../deploy/change.js";
import { attributes } from "../deploy/diff.js";
import { textDiff } from "../deploy/text-diff.js";
import type { RenderedFile } from "../render/file.js";

/** One place where a node stands otherwise than its generation. */
export interface Deviation extends Readonly<Omit<DriftItem, "since">> {
  /** For people, without a full stop. */
  readonly sentence: string;
}

/** What names a deviation for as long as it lasts, whatever it looks like meanwhile. */
export const deviationKey = ({ kind, what }: Pick<Deviation, "kind" | "what">): string => `${kind} ${what}`;

/** How a file stands otherwise than it was rendered; null when it does not. */
export function fileDeviation(file: RenderedFile, present: PresentFile | null): Deviation | null {
  const { path, engine, body, mode, owner } = file;
  const before: PresentFile = { body, mode, ...owner };
  const change: Change = { path, kind: "update", engine, before, after: present };
  if (present === null)
    return item("file", path, textDiff({ name: path, body }, nowhere), `${path} is missing`);
  const [edited, otherwise] = [bodyChanges(change), attributesChange(change)];
  if (!edited && !otherwise) return null;
  const diff = edited
    ? textDiff({ name: path, body }, { name: path, body: present.body })
    : `--- ${path}\n+++ ${path}\n`;
  const sentence = edited
    ? `${path} was changed by hand`
    : `${path} is ${shown(present)} instead of ${shown(before)}`;
  return item("file", path, `${attributes(change)}${diff}`, sentence);
}

/** Something of ours in a file's place that cannot be compared: a directory, gigabytes, no copy in the generation. */
export const unknownDeviation = (path: string, why: string): Deviation =>
  item("file", path, "", `${path} cannot be compared: ${why}`);

/**
 * Differences between named values, each as a deviation of its own.
 *
 * @param say the sentence for one of them; a value is undefined where that side has none
 */
export function valueDeviations(
  kind: Deviation["kind"],
  wanted: ReadonlyMap<string, string>,
  standing: ReadonlyMap<string, string>,
  say: (what: string, wanted: string | undefined, standing: string | undefined) => string,
): Deviation[] {
  return [...new Set([...wanted.keys(), ...standing.keys()])]
    .map((what) => [what, wanted.get(what), standing.get(what)] as const)
    .filter(([, shall, is]) => shall !== is)
    .map(([what, shall, is]) => {
      const side = (name: string, value?: string) => ({
        name,
        body: value === undefined ? "" : `${what} ${value}\n`,
      });
      return item(kind, what, textDiff(side("generation", shall), side("kernel", is)), say(what, shall, is));
    });
}

const nowhere = { name: "/dev/null", body: "" };

const shown = ({ mode, user, group }: PresentFile): string =>
  `${mode.toString(8).padStart(4, "0")} ${user}:${group}`;

const item = (kind: Deviation["kind"], what: string, diff: string, sentence: string): Deviation => ({
  kind,
  what,
  diff,
  sentence,
});

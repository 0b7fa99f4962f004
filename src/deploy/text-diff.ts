import { createTwoFilesPatch, FILE_HEADERS_ONLY } from "diff";

/** One side of a comparison: a body, and the name that it bears in the diff. */
export interface NamedText {
  readonly name: string;
  readonly body: string;
}

/** Bytes of a diff that are shown at most. */
const longest = 64 * 1024;

/**
 * More changed lines than this are not shown: the work grows with their square (500 of 50,000 took 20 ms), and an agent
 * that does it judges its node's health on the same thread.
 */
const mostChangedLines = 500;

/** A unified diff for people, bounded in length and in work; empty when the bodies are the same. */
export function textDiff(before: NamedText, after: NamedText): string {
  if (before.body === after.body) return "";
  const patch = createTwoFilesPatch(before.name, after.name, before.body, after.body, undefined, undefined, {
    context: 3,
    headerOptions: FILE_HEADERS_ONLY,
    // A text that is wholly there or wholly not needs no search.
    ...(before.body !== "" && after.body !== "" && { maxEditLength: mostChangedLines }),
  });
  const header = `--- ${before.name}\n+++ ${after.name}\n`;
  return patch === undefined
    ? `${header}(more than ${mostChangedLines} lines differ)\n`
    : shortened(patch, longest);
}

/** The first whole lines that fit into so many bytes, and how many more there are. */
export function shortened(text: string, bytes: number): string {
  const whole = Buffer.from(text);
  if (whole.length <= bytes) return text;
  const kept = whole.subarray(0, whole.lastIndexOf("\n", bytes - 1) + 1).toString();
  const left = text.slice(kept.length).split("\n").length - 1;
  return `${kept}(${left} more lines)\n`;
}

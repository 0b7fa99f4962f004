import { createTwoFilesPatch, FILE_HEADERS_ONLY } from "diff";
import { attributesChange, bodyChanges, type Change, type PresentFile } from "./change.js";

/** A unified diff of one change, in the form that patch(1) takes; mode and owner as git shows them. */
export function unifiedDiff(change: Change): string {
  const { path, before, after } = change;
  const header = attributes(change);
  if (!bodyChanges(change)) return `--- ${path}\n+++ ${path}\n${header}`;
  const patch = createTwoFilesPatch(
    before ? path : "/dev/null",
    after ? path : "/dev/null",
    before?.body ?? "",
    after?.body ?? "",
    undefined,
    undefined,
    { context: 3, headerOptions: FILE_HEADERS_ONLY },
  );
  return `${header}${patch}`;
}

/** Mode and owner before and after, where they change and the file stays. */
export function attributes(change: Change): string {
  const { before, after } = change;
  if (!attributesChange(change) || before === null || after === null) return "";
  return `old mode ${shown(before)}\nnew mode ${shown(after)}\n`;
}

const shown = ({ mode, user, group }: PresentFile): string =>
  `${mode.toString(8).padStart(4, "0")} ${user}:${group}`;

import type { FileEngine, RenderedFile } from "../render/file.js";
import type { Manifest } from "./generation.js";

/** A file as it stands on a node. */
export interface PresentFile {
  readonly body: string;
  readonly mode: number;
  readonly user: string;
  readonly group: string;
}

/** One file that stands otherwise than it should. `before` is null where it is created, `after` where it is removed. */
export interface Change {
  readonly path: string;
  readonly kind: "create" | "update" | "remove";
  readonly engine: FileEngine;
  readonly before: PresentFile | null;
  readonly after: PresentFile | null;
}

const asPresent = ({ body, mode, owner }: RenderedFile): PresentFile => ({ body, mode, ...owner });

const sameAttributes = (a: PresentFile, b: PresentFile): boolean =>
  a.mode === b.mode && a.user === b.user && a.group === b.group;

/** Body, mode and owner; null is no file. */
export const sameFile = (a: PresentFile | null, b: PresentFile | null): boolean =>
  a === null || b === null ? a === b : a.body === b.body && sameAttributes(a, b);

/** Whether mode or owner change, whatever the body does. */
export const attributesChange = ({ before, after }: Change): boolean =>
  before !== null && after !== null && !sameAttributes(before, after);

export const bodyChanges = ({ before, after }: Change): boolean => before?.body !== after?.body;

/** What has to change so that exactly the desired files stand, of all that holdfast ever put there. */
export function changesBetween(
  desired: readonly RenderedFile[],
  present: ReadonlyMap<string, PresentFile | null>,
  current: Manifest | null,
): Change[] {
  const wanted = new Set(desired.map((file) => file.path));
  const written = desired.flatMap((file) => changeOf(file, present.get(file.path) ?? null));
  const removed = (current?.files ?? []).flatMap(({ path, engine }): Change[] => {
    const before = present.get(path) ?? null;
    return wanted.has(path) || before === null ? [] : [{ path, kind: "remove", engine, before, after: null }];
  });
  return [...written, ...removed].sort((a, b) => (a.path < b.path ? -1 : 1));
}

function changeOf(file: RenderedFile, before: PresentFile | null): Change[] {
  const change: Change = {
    path: file.path,
    kind: before === null ? "create" : "update",
    engine: file.engine,
    before,
    after: asPresent(file),
  };
  return sameFile(change.before, change.after) ? [] : [change];
}

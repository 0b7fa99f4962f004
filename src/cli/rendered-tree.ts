import { chmod, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { RenderedFile } from "../render/file.js";
import { UserError } from "./context.js";

export interface NodeFiles {
  readonly node: string;
  readonly files: readonly RenderedFile[];
}

export interface WrittenFile {
  readonly node: string;
  /** On the node. */
  readonly path: string;
  /** Where it was written. */
  readonly file: string;
  /** Octal permission bits, for instance `0640`. */
  readonly mode: string;
  /** `user:group` on the node; what is written here belongs to whoever ran the command. */
  readonly owner: string;
}

/** Lists the directories of an earlier render, one a line: they may be replaced, and nothing else may. */
const marker = ".holdfast-render";

/** Writes each node's files below `out`, with their modes. @throws UserError when `out` holds somebody else's files */
export async function writeTree(out: string, trees: readonly NodeFiles[]): Promise<WrittenFile[]> {
  const ours = await earlierNodes(out);
  await mkdir(out, { recursive: true }).catch(() => {
    throw new UserError(`${out} cannot be made; name a directory that is yours to write`);
  });
  const foreign = (await readdir(out)).filter((name) => name !== marker && !ours.has(name));
  if (foreign.length > 0)
    throw new UserError(
      `${out} holds files that holdfast did not write (${foreign[0]}); name an empty or a new directory`,
    );
  for (const node of ours) await rm(join(out, node), { recursive: true, force: true });
  await writeFile(join(out, marker), trees.map(({ node }) => `${node}\n`).join(""));
  const written: WrittenFile[] = [];
  for (const { node, files } of trees)
    for (const { path, mode, owner, body } of files) {
      const file = join(out, node, path);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, body, { mode });
      // The mode given to writeFile passes through the umask.
      await chmod(file, mode);
      written.push({ node, path, file, mode: `0${mode.toString(8)}`, owner: `${owner.user}:${owner.group}` });
    }
  return written;
}

async function earlierNodes(out: string): Promise<Set<string>> {
  const text = await readFile(join(out, marker), "utf8").catch(() => "");
  // A name of the marker becomes a path that is removed: only what can be a node's name counts.
  return new Set(text.split("\n").filter((name) => /^[a-z0-9][a-z0-9-]*$/.test(name)));
}

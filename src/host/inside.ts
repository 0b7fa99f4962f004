import { readlink } from "node:fs/promises";
import { dirname, join, normalize } from "node:path";

/** As path_resolution(7): more links than this on the way are a loop. */
const mostLinks = 40;

/**
 * Where `path` of a machine stands for this process, when the machine's root is `root` (`/proc/PID/root`).
 * The kernel would resolve an absolute link against the caller's own root, so links are followed here.
 * The last component is left alone unless `follow` says otherwise.
 */
export async function inside(root: string, path: string, follow: boolean): Promise<string> {
  const clean = normalize(join("/", path));
  if (root === "/") return clean;
  return join(root, await resolve(root, clean, follow, mostLinks));
}

async function resolve(root: string, path: string, follow: boolean, links: number): Promise<string> {
  const parts = path.split("/").filter((part) => part !== "");
  let reached = "/";
  for (const [index, part] of parts.entries()) {
    const here = join(reached, part);
    const last = index === parts.length - 1;
    const target = last && !follow ? null : await linkTarget(join(root, here));
    if (target !== null) {
      if (links === 0) throw new Error(`${path}: too many symbolic links`);
      const rest = parts.slice(index + 1).join("/");
      const next = target.startsWith("/") ? target : join(dirname(here), target);
      return resolve(root, join("/", next, rest), follow, links - 1);
    }
    reached = here;
  }
  return reached;
}

/** As readlink(2); null when there is no link. */
export async function linkTarget(path: string): Promise<string | null> {
  try {
    return await readlink(path);
  } catch {
    return null; // Not a link, or nothing there: the caller's own operation says which.
  }
}

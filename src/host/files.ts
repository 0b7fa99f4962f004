import { constants } from "node:fs";
import { chmod, lstat, mkdir, open, readdir, readFile, rename, rm, stat, symlink } from "node:fs/promises";
import { basename, dirname, join, relative, resolve } from "node:path";
import { Accounts } from "./accounts.js";
import type { Host } from "./host.js";
import { inside, linkTarget } from "./inside.js";

type Files = Pick<
  Host,
  "read" | "status" | "list" | "stage" | "swap" | "unstage" | "link" | "linked" | "remove"
>;

/** The files of the machine whose root directory is `root`. */
export function files(root: string): Files {
  const followed = (path: string) => inside(root, path, true);
  const itself = (path: string) => inside(root, path, false);
  const users = underWay(async () => Accounts.read(await followed("/etc/passwd")));
  const groups = underWay(async () => Accounts.read(await followed("/etc/group")));

  return {
    read: async (path) => orNull(readFile(await followed(path), "utf8")),

    async status(path) {
      const found = await orNull(stat(await followed(path)));
      if (found === null) return null;
      const [user, group] = [(await users()).name(found.uid), (await groups()).name(found.gid)];
      return { mode: found.mode & 0o7777, user, group, size: found.size };
    },

    list: async (path) => ((await orNull(readdir(await followed(path)))) ?? []).sort(),

    async stage(path, body, { mode, user, group }) {
      const [uid, gid] = [(await users()).number(user), (await groups()).number(group)];
      const staged = stagedName(path);
      const place = await itself(staged);
      await makeDirectories(dirname(place));
      await rm(place, { force: true }); // What a crashed predecessor left.
      const file = await open(place, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, 0o600);
      try {
        await file.writeFile(body, "utf8");
        await file.chown(uid, gid);
        await file.chmod(mode); // After chown, which clears set-id bits (chown(2)).
        await file.sync();
      } finally {
        await file.close();
      }
      return staged;
    },

    async swap(staged, path) {
      const place = await itself(path);
      await rename(await itself(staged), place);
      await syncDirectory(dirname(place));
    },

    unstage: async (path) => rm(await itself(stagedName(path)), { force: true }),

    async link(target, path) {
      // Relative, so that it means the same from outside the machine.
      const destination = target.startsWith("/") ? relative(dirname(path), target) : target;
      const place = await itself(path);
      const staged = await itself(stagedName(path));
      await makeDirectories(dirname(place));
      await rm(staged, { force: true });
      await symlink(destination, staged);
      await rename(staged, place);
      await syncDirectory(dirname(place));
    },

    async linked(path) {
      const target = await linkTarget(await itself(path));
      return target === null ? null : resolve(dirname(path), target);
    },

    async remove(path) {
      const place = await itself(path);
      await rm(place, { recursive: true, force: true });
      await orNull(syncDirectory(dirname(place)));
    },
  };
}

const stagedName = (path: string): string => join(dirname(path), `.${basename(path)}.holdfast-new`);

/** `mkdir -p` with mode 0755 whatever the umask. */
async function makeDirectories(directory: string): Promise<void> {
  if ((await orNull(lstat(directory))) !== null) return;
  await makeDirectories(dirname(directory));
  try {
    await mkdir(directory, 0o755);
    await chmod(directory, 0o755);
    await syncDirectory(dirname(directory));
  } catch (error) {
    if (codeOf(error) !== "EEXIST") throw error; // Someone else made it meanwhile.
  }
}

/** What comes, goes or changes its name in a directory is on disk only when the directory is (fsync(2)). */
async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function orNull<T>(work: Promise<T>): Promise<T | null> {
  try {
    return await work;
  } catch (error) {
    if (missing.has(codeOf(error))) return null;
    throw error;
  }
}

/** ESRCH is what a file under /proc says whose process has ended since it was opened. */
const missing = new Set<unknown>(["ENOENT", "ENOTDIR", "ESRCH"]);

const codeOf = (error: unknown): unknown =>
  error instanceof Error && "code" in error ? error.code : undefined;

/** Whoever asks while it is being read has the same answer: tens of thousands of files may be looked at in a row. */
function underWay<T>(read: () => Promise<T>): () => Promise<T> {
  let reading: Promise<T> | null = null;
  return () => {
    reading ??= read().finally(() => {
      reading = null;
    });
    return reading;
  };
}

import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";

/** A file or directory of this repository. */
export const repository = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));

/** A copy of ansible/, vagrant/ and examples/ in which a test may break things. */
export interface Deployment {
  readonly directory: string;
  /** Replaces `from`, which must be there, in a file of the copy. */
  edit(path: string, from: string, to: string): Promise<void>;
  /** Runs a tool in a folder of the copy; its caches and settings stay in the copy too. */
  run(folder: string, argv: readonly [string, ...string[]], env?: Record<string, string>): Promise<Outcome>;
}

export interface Outcome {
  readonly exitCode: number;
  /** stdout and stderr with every run of white space as one blank, since the tools wrap their lines. */
  readonly said: string;
  readonly lines: readonly string[];
}

/** Gives `work` a deployment of its own; it is gone afterwards. */
export async function inDeployment<T>(work: (deployment: Deployment) => Promise<T>): Promise<T> {
  const directory = await mkdtemp(join(tmpdir(), "holdfast-deployment-"));
  try {
    for (const part of ["ansible", "vagrant", "examples"])
      await cp(repository(part), join(directory, part), { recursive: true });
    return await work(deploymentIn(directory));
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

function deploymentIn(directory: string): Deployment {
  const home = join(directory, "home");
  const homes = {
    HOME: home,
    XDG_CACHE_HOME: join(home, "cache"),
    ANSIBLE_HOME: join(home, "ansible"),
    ANSIBLE_NOCOLOR: "1",
    VAGRANT_HOME: join(home, "vagrant"),
    VAGRANT_CHECKPOINT_DISABLE: "1",
  };
  return {
    directory,
    async edit(path, from, to) {
      const text = await readFile(join(directory, path), "utf8");
      if (!text.includes(from)) throw new Error(`${path} does not contain ${JSON.stringify(from)}`);
      await writeFile(join(directory, path), text.replace(from, to));
    },
    async run(folder, [program, ...args], env = {}) {
      const cwd = join(directory, folder);
      const result = await execa(program, args, { cwd, env: { ...homes, ...env }, all: true, reject: false });
      if (result.exitCode === undefined) throw result;
      return {
        exitCode: result.exitCode,
        said: result.all.replace(/\s+/g, " "),
        lines: result.all.split("\n"),
      };
    },
  };
}

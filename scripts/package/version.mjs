import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** What a package is made of: somebody's topology beside it changes nothing. */
const made = [
  "package*.json",
  "tsconfig*.json",
  "src",
  "templates",
  "lab",
  "programs",
  "examples",
  "packaging",
  "scripts",
];

/**
 * The version of what stands in a checkout, as dpkg orders versions (deb-version(7)): X.Y.Z on a tag vX.Y.Z. Elsewhere what
 * package.json says comes next, and what leads there is older than it (`~`), ordered by the number of commits:
 * X.Y.Z~git.N.SHA. `+dirty` where it is not what was committed. Without git, as from an archive, package.json's X.Y.Z.
 */
export function versionOf(repository) {
  const { version } = JSON.parse(readFileSync(join(repository, "package.json"), "utf8"));
  if (!existsSync(join(repository, ".git"))) return version;
  const git = (...args) => ask(repository, args);
  const [tag] = git("tag", "--points-at", "HEAD", "--sort=-version:refname")
    .split("\n")
    .filter((name) => /^v\d+\.\d+\.\d+$/.test(name));
  const commits = git("rev-list", "--count", "HEAD");
  const commit = git("rev-parse", "--short=8", "HEAD");
  const dirty = git("status", "--porcelain", "--", ...made) === "" ? "" : "+dirty";
  return `${tag?.slice(1) ?? `${version}~git.${commits}.${commit}`}${dirty}`;
}

function ask(cwd, args) {
  const { error, status, stdout, stderr } = spawnSync("git", ["--no-optional-locks", ...args], {
    cwd,
    encoding: "utf8",
  });
  if (error) throw error;
  if (status !== 0) throw new Error(`git ${args.join(" ")}: ${stderr.trim()}`);
  return stdout.trim();
}

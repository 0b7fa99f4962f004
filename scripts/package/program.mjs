import { copyFileSync, cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** What no running program reads, and what is there for those who work on the libraries. */
const idle = [/\.map$/, /\.[cm]?ts$/, /\.md$/i, /\.markdown$/, /\.ya?ml$/];
const idleFolders = new Set([
  "test",
  "tests",
  "__tests__",
  "integration",
  "benchmark",
  "benchmarks",
  "bench",
  "docs",
  "example",
  "examples",
]);
/** Theirs to be named, whatever their ending. */
const kept = /^(licen[cs]e|copying|notice)/i;

/** The compiled program and its dependencies at /usr/lib/holdfast, with the Node that runs this where it can go along. */
export function putProgram({ repository, root, edition, manifest }) {
  const home = join(root, "usr/lib/holdfast");
  const libraries = librariesOf(JSON.parse(readFileSync(join(repository, "package-lock.json"), "utf8")));
  for (const name of [...manifest.files, ...libraries]) {
    mkdirSync(dirname(join(home, name)), { recursive: true });
    cpSync(join(repository, name), join(home, name), {
      recursive: true,
      filter: (path) => !isNested(name, path),
    });
  }
  const own = { ...manifest, version: edition.version }; // What the program says of itself.
  writeFileSync(join(home, "package.json"), `${JSON.stringify(own, null, 2)}\n`);
  prune(join(home, "node_modules"));
  prune(join(home, "dist"));
  const main = join(home, "dist/cli/main.js");
  writeFileSync(main, readFileSync(main, "utf8").replace(/^#!.*\n/, "")); // /usr/bin/holdfast says what runs it.
  if (edition.bundlesNode) copyFileSync(process.execPath, join(home, "node"));
  const node = edition.bundlesNode ? "/usr/lib/holdfast/node" : "/usr/bin/node";
  const bin = join(root, "usr/bin");
  mkdirSync(bin, { recursive: true });
  writeFileSync(join(bin, "holdfast"), `#!/bin/sh\nexec ${node} /usr/lib/holdfast/dist/cli/main.js "$@"\n`);
}

/** Where package-lock.json has what a running program needs: `node_modules/a`, `node_modules/a/node_modules/b`. */
export const librariesOf = ({ packages }) =>
  Object.entries(packages)
    .filter(([path, { dev, devOptional }]) => path !== "" && !dev && !devOptional)
    .map(([path]) => path)
    .sort();

/** A library's own libraries are listed by themselves. */
const isNested = (name, path) => path.slice(path.indexOf(name) + name.length).includes("/node_modules/");

function prune(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.name.startsWith(".") || (entry.isDirectory() ? isIdleFolder : isIdleFile)(path, entry.name))
      rmSync(path, { recursive: true });
    else if (entry.isDirectory()) prune(path);
  }
}

const isLibrary = (path) => path.includes("/node_modules/");
const isIdleFolder = (path, name) => isLibrary(path) && idleFolders.has(name);

/** A library's own programs are run by nobody here. */
const isIdleFile = (path, name) =>
  !kept.test(name) &&
  (idle.some((pattern) => pattern.test(name)) ||
    (isLibrary(path) && name.endsWith(".html")) ||
    (isLibrary(path) && readFileSync(path).subarray(0, 2).toString("latin1") === "#!"));

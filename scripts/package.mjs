// Makes the Debian package: build/holdfast_VERSION_ARCH.deb, in place of those that stood there. Same commit, same Node,
// same bytes.
//
// usage: node scripts/package.mjs [--version VERSION] [--out DIRECTORY]     from DIRECTORY nothing is removed
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { writeControl } from "./package/control.mjs";
import { writeDocuments } from "./package/documents.mjs";
import { emptyPlace } from "./package/place.mjs";
import { putProgram } from "./package/program.mjs";
import { settle } from "./package/settle.mjs";
import { putUnits } from "./package/units.mjs";
import { versionOf } from "./package/version.mjs";

const repository = dirname(dirname(fileURLToPath(import.meta.url)));
const manifest = JSON.parse(readFileSync(join(repository, "package.json"), "utf8"));

function output(command, args, options = {}) {
  const result = spawnSync(command, args, { encoding: "utf8", cwd: repository, ...options });
  if (result.error?.code === "ENOENT" && command.startsWith("dpkg")) {
    process.stderr.write(`package: ${command} is not here; a Debian package is made on Debian or Ubuntu\n`);
    process.exit(1);
  }
  if (result.error) throw result.error;
  if (result.status !== 0) throw new Error(`${command} ${args.join(" ")}: ${result.stderr.trim()}`);
  return result.stdout.trim();
}

/** Seconds since 1970 that every file bears: those of the commit; `git archive` gives them to each file. */
function epoch() {
  const given = process.env.SOURCE_DATE_EPOCH;
  if (given !== undefined && !/^\d+$/.test(given)) throw new Error("SOURCE_DATE_EPOCH: seconds since 1970");
  if (given !== undefined) return Number(given);
  if (existsSync(join(repository, ".git"))) return Number(output("git", ["log", "-1", "--format=%ct"]));
  return Math.floor(statSync(join(repository, "package.json")).mtimeMs / 1_000);
}

/** What stands behind an option, or `otherwise`. */
function option(name, otherwise) {
  const at = process.argv.indexOf(name);
  return at < 0 ? otherwise : (process.argv[at + 1] ?? "");
}

// A Node that is one file goes along; one of the distribution's own is a dependency.
const bundlesNode = process.config.variables.node_shared !== true;
const edition = {
  version: option("--version", null) ?? versionOf(repository),
  architecture: bundlesNode ? output("dpkg", ["--print-architecture"]) : "all",
  epoch: epoch(),
  bundlesNode,
  oldestNode: manifest.engines.node.replace(">=", ""),
};
if (!/^[0-9][A-Za-z0-9.+~-]*$/.test(edition.version)) throw new Error("--version: write one, as 0.1.0");

const root = mkdtempSync(join(tmpdir(), "holdfast-package-"));
try {
  const context = { repository, root, edition, manifest, output };
  putProgram(context);
  putUnits(context);
  writeDocuments(context);
  writeControl(context);
  settle(root, edition.epoch);
  const usual = join(repository, "build");
  const build = resolve(option("--out", usual));
  if (build === usual) emptyPlace(build);
  else mkdirSync(build, { recursive: true });
  const file = join(build, `holdfast_${edition.version}_${edition.architecture}.deb`);
  // One thread: how many there are would be seen in the bytes.
  const compression = ["-Zxz", "-z1", "--threads-max=1"];
  output("dpkg-deb", ["--root-owner-group", ...compression, "--build", root, file], {
    env: { ...process.env, SOURCE_DATE_EPOCH: String(edition.epoch) },
  });
  process.stdout.write(`${file}\n`);
} finally {
  rmSync(root, { recursive: true, force: true });
}

import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";

export const maintainer = "holdfast maintainers <maintainers@holdfast.example>";

/** Manual pages, completions, licences and the changelog, each made by the program itself or from the repository. */
export function writeDocuments(context) {
  writePages(context);
  writeCompletions(context);
  writeDoc(context);
}

const put = (root, path, body) => {
  const place = join(root, path);
  mkdirSync(dirname(place), { recursive: true });
  writeFileSync(place, body);
};

const zipped = (text) => gzipSync(text, { level: 9 });
/** As it is packaged: it knows its version. */
const program = (root) => join(root, "usr/lib/holdfast/dist/cli/main.js");

function writePages({ root, edition, output }) {
  const staged = join(root, "man");
  const day = new Date(edition.epoch * 1_000).toISOString().slice(0, 10);
  output(process.execPath, [program(root), "manual", "--out", staged, "--date", day]);
  for (const page of readdirSync(staged))
    put(root, `usr/share/man/man${page.at(-1)}/${page}.gz`, zipped(readFileSync(join(staged, page))));
  rmSync(staged, { recursive: true });
}

function writeCompletions({ root, output }) {
  const places = {
    bash: "usr/share/bash-completion/completions/holdfast",
    zsh: "usr/share/zsh/vendor-completions/_holdfast",
    fish: "usr/share/fish/vendor_completions.d/holdfast.fish",
  };
  for (const [shell, place] of Object.entries(places))
    put(root, place, `${output(process.execPath, [program(root), "completion", shell])}\n`);
}

function writeDoc({ repository, root, edition }) {
  const doc = "usr/share/doc/holdfast";
  const at = new Date(edition.epoch * 1_000).toUTCString().replace("GMT", "+0000");
  const changes = `holdfast (${edition.version}) unstable; urgency=medium\n\n  * What changed stands in CHANGELOG.md of the source.\n\n -- ${maintainer}  ${at}\n`;
  put(root, `${doc}/changelog.gz`, zipped(changes));
  const copyright = readFileSync(join(repository, "packaging/debian/copyright"), "utf8");
  put(root, `${doc}/copyright`, copyright);
  const overrides = join(repository, "packaging/debian/lintian-overrides");
  put(root, "usr/share/lintian/overrides/holdfast", readFileSync(overrides));
  if (edition.bundlesNode) put(root, `${doc}/nodejs-license.gz`, zipped(nodeLicense()));
}

/** Beside a Node of nodejs.org, or where a package of Node puts it. */
function nodeLicense() {
  const prefix = dirname(dirname(process.execPath));
  const places = [
    join(prefix, "LICENSE"),
    join(prefix, "share/doc/nodejs/LICENSE"),
    join(prefix, "share/doc/nodejs/copyright"),
  ];
  const found = places.find((place) => existsSync(place));
  if (found === undefined)
    throw new Error(`no licence of Node beside ${process.execPath}: it cannot be passed on without`);
  return readFileSync(found);
}

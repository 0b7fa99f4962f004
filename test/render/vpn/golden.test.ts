import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { describe, expect, test } from "vitest";
import { clientProfile } from "../../../src/render/vpn/client-profile.js";
import { renderVpnServer } from "../../../src/render/vpn/render-vpn.js";
import { vpnServerNamed } from "../../../src/topology/vpn-select.js";
import { nine, three, two, vpnOf } from "../../topology/vpn-networks.js";

const goldenRoot = new URL("../../golden/", import.meta.url).pathname;

/** Of nine servers: one that reflects, and one that does not. */
const trees = [
  { tree: "vpn-two", vpn: vpnOf(two), servers: ["vpn-a", "vpn-b"] },
  { tree: "vpn-three", vpn: vpnOf(three), servers: ["vpn-a", "vpn-b", "vpn-c"] },
  { tree: "vpn-nine", vpn: vpnOf(nine), servers: ["vpn-a", "vpn-i"] },
];

describe.each(trees)("$tree", ({ tree, vpn, servers }) => {
  const root = join(goldenRoot, tree);
  const wanted = new Map([
    ...servers.flatMap((name) =>
      renderVpnServer(vpn, vpnServerNamed(vpn, name)).map(
        ({ path, body }) => [`/${name}${path}`, body] as const,
      ),
    ),
    ...vpn.clients.map(({ name }) => [`/${name}.ovpn`, clientProfile.render(vpn, name)] as const),
  ]);
  if (process.env.UPDATE_GOLDEN === "1") rewrite(root, wanted);

  test("every file is the golden one, and there is no other", () => {
    for (const [path, body] of wanted) expect(body, path).toBe(readFileSync(root + path, "utf8"));
    expect([...wanted.keys()].sort()).toEqual(filesBelow(root));
  });
});

function rewrite(root: string, files: ReadonlyMap<string, string>): void {
  rmSync(root, { recursive: true, force: true });
  for (const [path, body] of files) {
    mkdirSync(dirname(root + path), { recursive: true });
    writeFileSync(root + path, body);
  }
}

const filesBelow = (root: string): string[] =>
  readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => `/${relative(root, join(entry.parentPath, entry.name))}`)
    .sort();

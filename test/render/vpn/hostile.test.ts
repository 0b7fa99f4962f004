import fc from "fast-check";
import { expect, test } from "vitest";
import { renderVpnServer } from "../../../src/render/vpn/render-vpn.js";
import type { Vpn } from "../../../src/topology/cluster.js";
import { nine, three, two, vpnOf } from "../../topology/vpn-networks.js";

type Path = readonly (string | number)[];

const marker = "zqzq";
const hostile = fc.constantFrom(
  "\n",
  "\r\n",
  "\0",
  " ",
  '"',
  "'",
  "#",
  ";",
  "\\",
  "$(id)",
  "`id`",
  "{",
  "\u2028",
  "\t",
);

/** The second fence: the section's rules refuse such strings, and what came past them must not reach an engine. */
test("a hostile string in any field of a network throws, or reaches no file", () => {
  const places = [two, three, nine]
    .map(vpnOf)
    .flatMap((vpn) => stringsOf(vpn).map((path) => ({ vpn, path })));
  fc.assert(
    fc.property(fc.constantFrom(...places), hostile, ({ vpn, path }, text) => {
      expect(
        bodies(withString(vpn, path, `${marker}${text}x`)).filter((body) => body.includes(marker)),
      ).toEqual([]);
    }),
    { numRuns: 600 },
  );
});

/** What was rendered; nothing where rendering threw. */
function bodies(vpn: Vpn): string[] {
  try {
    return vpn.servers
      .flatMap((server) => renderVpnServer(vpn, server))
      .flatMap(({ path, body }) => (path.includes(marker) ? [path, body] : [body]));
  } catch {
    return [];
  }
}

function stringsOf(value: unknown, path: Path = []): Path[] {
  if (typeof value === "string") return [path];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) => stringsOf(item, [...path, key]));
}

function withString(vpn: Vpn, path: Path, text: string): Vpn {
  const copy: unknown = structuredClone(vpn);
  let place = copy as Record<string | number, unknown>;
  for (const key of path.slice(0, -1)) place = place[key] as Record<string | number, unknown>;
  place[path[path.length - 1] ?? ""] = text;
  return copy as Vpn;
}

import fc from "fast-check";
import { expect, test } from "vitest";
import type { RenderedFile } from "../../src/render/file.js";
import { paths } from "../../src/render/paths.js";
import { renderCluster } from "../../src/render/render.js";
import type { Cluster } from "../../src/topology/cluster.js";
import { exampleCluster, examples } from "./examples.js";

type Path = readonly (string | number)[];

/** The second fence: the topology's rules refuse such strings, and what came past them must not reach an engine. */
const hostile = fc.oneof(
  fc.constantFrom(
    "a\nb",
    "a\r\nb",
    "a\0b",
    "a b",
    'a"b',
    "a'b",
    "a#b",
    "a!b",
    "a\\b",
    "$(id)",
    "`id`",
    "{{x}}",
    "a\u2028b",
    "a\tb",
  ),
  fc.string({ unit: "binary", minLength: 1 }).filter((text) => /[^A-Za-z0-9_.:/?[\]@&+,;=%~-]/.test(text)),
  fc.constant("x\n".repeat(5_000)),
);

/** Stands before every hostile string, so that it is found in whatever file it comes to. */
const marker = "zqzq";

test("a hostile string in any field of a cluster throws, or reaches the agent's JSON alone", () => {
  const places = examples.flatMap((name) => {
    const cluster = exampleCluster(name);
    return stringsOf(cluster).map((path) => ({ cluster, path }));
  });
  fc.assert(
    fc.property(fc.constantFrom(...places), hostile, ({ cluster, path }, text) => {
      for (const { path: file, body } of attempt(withString(cluster, path, marker + text)))
        if (file === paths.nodeJson) expect(() => JSON.parse(body)).not.toThrow();
        else expect(body, file).not.toContain(marker);
    }),
    { numRuns: 2_000 },
  );
}, 60_000);

/** What was rendered; nothing where rendering threw. */
function attempt(cluster: Cluster): RenderedFile[] {
  try {
    return [...renderCluster(cluster).values()].flat();
  } catch {
    return [];
  }
}

function stringsOf(value: unknown, path: Path = []): Path[] {
  if (typeof value === "string") return [path];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) => stringsOf(item, [...path, key]));
}

function withString(cluster: Cluster, path: Path, text: string): Cluster {
  const copy: unknown = structuredClone(cluster);
  let place = copy as Record<string | number, unknown>;
  for (const key of path.slice(0, -1)) place = place[key] as Record<string | number, unknown>;
  place[path[path.length - 1] ?? ""] = text;
  return copy as Cluster;
}

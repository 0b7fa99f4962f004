import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { WrittenPair } from "../../src/import/import.js";
import type { SourceText } from "../../src/import/source-text.js";
import { paths } from "../../src/render/paths.js";
import { renderNode } from "../../src/render/render.js";
import type { Cluster } from "../../src/topology/cluster.js";

export const pairsRoot = new URL("./pairs/", import.meta.url).pathname;

/** Pairs as people write them, each in a folder of its own. */
export const pairs: readonly string[] = readdirSync(pairsRoot).sort();

/** The files of one of them; their names as if the operator stood in its folder. */
export function writtenPair(name: string): WrittenPair {
  const folder = join(pairsRoot, name);
  const read = (file: string): SourceText => ({ file, text: readFileSync(join(folder, file), "utf8") });
  const ending = (end: string): SourceText[] =>
    readdirSync(folder)
      .filter((file) => file.endsWith(end))
      .sort()
      .map(read);
  return {
    keepalived: ending(".conf"),
    addresses: ending(".addr"),
    iptables: ending(".rules"),
    haproxy: existsSync(join(folder, "haproxy.cfg")) ? read("haproxy.cfg") : null,
  };
}

/** What holdfast renders, as if somebody had written it; with `addresses` as the machines would print them. */
export function renderedPair(cluster: Cluster, { addresses }: { addresses: boolean }): WrittenPair {
  const files = cluster.nodes.map(
    (node) => new Map(renderNode(cluster, node).map(({ path, body }) => [path, body])),
  );
  const text = (path: string, index: number): SourceText => ({
    file: `${cluster.nodes[index]?.name}${path}`,
    text: files[index]?.get(path) ?? "",
  });
  return {
    keepalived: cluster.nodes.map((_, index) => text(paths.keepalivedConf, index)),
    haproxy: text(paths.haproxyCfg, 0),
    iptables: [text(paths.rulesV4, 0), text(paths.rulesV6, 0)],
    addresses: addresses
      ? cluster.nodes.map(({ name, interfaces }) => ({
          file: `${name}.addr`,
          text: interfaces
            .flatMap(({ device, addresses: own }) =>
              own.map(
                ({ family, address, prefix }, index) =>
                  `${index + 2}: ${device}    inet${family === 6 ? "6" : ""} ${address}/${prefix} scope global ${device}`,
              ),
            )
            .join("\n"),
        }))
      : [],
  };
}

import type { RenderedFile } from "../render/file.js";
import { paths } from "../render/paths.js";
import type { PresentFile } from "./change.js";
import type { Generation } from "./generation.js";
import type { Setting } from "./kernel-settings.js";
import { enginesOf, type Origin } from "./origin.js";

/** What the generation that runs had put on a machine, and how the machine was before; null where nobody knows. */
export interface Standing {
  readonly generation: Generation | null;
  /** Files of the generation, and what stands where holdfast would have put some. */
  readonly files: readonly Pick<RenderedFile, "path">[];
  readonly origin: Origin | null;
  /** Settings that are ours now, as the kernel has them. */
  readonly settings: readonly Setting[];
}

/** All that takes a machine back to before holdfast: a value to look at, and to carry out. */
export interface Removal {
  readonly generation: Generation | null;
  /** `before` is null where there was no such file. */
  readonly files: readonly { readonly path: string; readonly before: PresentFile | null }[];
  readonly settings: readonly Setting[];
  readonly links: Origin["links"];
  /** Engines that go on, with the files they had; `disable` those that did not start at boot. */
  readonly services: readonly {
    readonly name: string;
    readonly resumes: boolean;
    readonly disable: boolean;
  }[];
  /** Configuration that holdfast replaced, and of which no copy was kept. */
  readonly lost: readonly string[];
}

/** What the kernel does by itself, of what it cannot tell before the first rule asks it to track (nf_conntrack-sysctl). */
const untracked: ReadonlyMap<string, string> = new Map([
  ["net.netfilter.nf_conntrack_tcp_loose", "1"],
  ["net.netfilter.nf_conntrack_tcp_be_liberal", "0"],
  ["net.netfilter.nf_conntrack_events", "2"],
]);

/** Files that the packages of the engines bring along: where holdfast stood before it noted such things, they are missing. */
const packaged: readonly string[] = [paths.haproxyCfg, paths.conntrackdConf];

/** Null where nothing of holdfast stands. */
export function removalOf({ generation, files, origin, settings }: Standing): Removal | null {
  const noted = new Map(origin?.files.map(({ path, before }) => [path, before]));
  const all = [...new Set([...files.map(({ path }) => path), ...noted.keys()])].sort();
  if (generation === null && files.length === 0) return null;
  const before = new Map(origin?.settings);
  return {
    generation,
    files: all.map((path) => ({ path, before: noted.get(path) ?? null })),
    settings: settings.flatMap(([key, value]): Setting[] => {
      const was = before.get(key) ?? untracked.get(key);
      return was === undefined || was === value ? [] : [[key, was]];
    }),
    links: origin?.links ?? [],
    services: enginesOf(all.map((path) => ({ path }))).map((name) => {
      const noted = origin?.services.find((service) => service.name === name);
      return { name, resumes: noted?.running ?? false, disable: noted?.enabled === false };
    }),
    lost: packaged.filter((path) => all.includes(path) && !noted.has(path)),
  };
}

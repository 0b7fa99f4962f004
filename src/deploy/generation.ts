import { createHash } from "node:crypto";
import { z } from "zod";
import type { RenderedFile } from "../render/file.js";
import { paths } from "../render/paths.js";
import type { Cluster } from "../topology/cluster.js";

/** What one complete set of rendered files is called, the same on every node. */
export interface Generation {
  /** Counts up from 1. */
  readonly number: number;
  /** Of the topology and the program's version: 12 hexadecimal digits of SHA-256. */
  readonly digest: string;
}

const owner = z.object({ user: z.string(), group: z.string() });
const engine = z.enum([
  "keepalived",
  "haproxy",
  "conntrackd",
  "iptables",
  "ip6tables",
  "sysctl",
  "routes",
  "systemd",
  "agent",
  "multiplexer",
  "openvpn",
  "bird",
]);

const unnoted = { author: "unknown", message: "", program: "unknown" };

const manifestSchema = z.object({
  schema: z.literal("holdfast/generation/v1"),
  number: z.int().positive(),
  digest: z.string().regex(/^\w+$/),
  /** ISO 8601, UTC. */
  createdAt: z.string(),
  /** Who made it, why, and with which version of the program; generations of before these were noted lack them. */
  author: z.string().default(unnoted.author),
  message: z.string().default(unnoted.message),
  program: z.string().default(unnoted.program),
  files: z.array(z.object({ path: z.string(), mode: z.int(), owner, sha256: z.string(), engine })),
});

/** What the operator's side says of a generation when it is made; the same on every node. */
export interface GenerationNote {
  /** Who asked for it: the name in their certificate. */
  readonly author: string;
  /** What it is for; may be empty. */
  readonly message: string;
  /** The version of the program that rendered it. */
  readonly program: string;
  /** The topology file as it was written, comments and all. */
  readonly topology: string;
}

/** What a generation consists of; the bodies stand beside it, under `files/`. */
export type Manifest = z.infer<typeof manifestSchema>;

const directory = `${paths.stateDir}/generations`;

/** Nodes that were changed apart from each other may give one number twice: the digest tells them apart. */
const placeOf = ({ number, digest }: Generation): string => `${directory}/${number}-${digest}`;

/** Where generations stand on a node. */
export const generationPaths = {
  directory,
  of: placeOf,
  manifest: (generation: Generation): string => `${placeOf(generation)}/manifest.json`,
  /** The topology as the operator wrote it. */
  topology: (generation: Generation): string => `${placeOf(generation)}/topology.yaml`,
  file: (generation: Generation, path: string): string => `${placeOf(generation)}/files${path}`,
  /** A symbolic link to the generation that runs. */
  current: `${paths.stateDir}/current`,
  currentManifest: `${paths.stateDir}/current/manifest.json`,
};

/** Generations kept on a node. */
const historyLength = 20;

export const sha256 = (text: string): string => createHash("sha256").update(text, "utf8").digest("hex");

/** The same for every topology that means the same, whatever the order of its keys. */
export const digestOf = (cluster: Cluster, programVersion: string): string =>
  sha256(canonical({ cluster, programVersion })).slice(0, 12);

export const isSame = (a: Generation | null, b: Generation | null): boolean =>
  a?.number === b?.number && a?.digest === b?.digest;

export const label = ({ number, digest }: Generation): string => `${number} (${digest.slice(0, 6)})`;

/** JSON with sorted keys. */
export const canonical = (value: unknown): string =>
  JSON.stringify(value, (_key, inner: unknown) =>
    inner !== null && typeof inner === "object" && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );

/** The generation that stands in a directory of this name, or at this path; null for any other. */
export function generationAt(place: string): Generation | null {
  const [, number, digest] = /(?:^|\/)([1-9]\d{0,15})-(\w+)$/.exec(place) ?? [];
  return number === undefined || digest === undefined ? null : { number: Number(number), digest };
}

/** What each node says of itself before an apply. */
export interface NodeHistory {
  readonly current: Generation | null;
  /** Numbers of every generation it still has. */
  readonly numbers: readonly number[];
  /** The highest number that was ever proposed to it, also of a change that was put back; 0 before the first. */
  readonly proposed: number;
}

/**
 * The generation that an apply leads to: the one that runs if all nodes agree on it, else a number that no node ever
 * heard of: what was put back has left its number in logs and in people's heads.
 */
export function nextGeneration(nodes: readonly NodeHistory[], digest: string): Generation {
  const [first = null, ...others] = nodes.map((node) => node.current);
  const agreed = others.every((other) => isSame(other, first));
  if (agreed && first?.digest === digest) return { number: first.number, digest };
  return {
    number: Math.max(0, ...nodes.flatMap(({ numbers, proposed }) => [...numbers, proposed])) + 1,
    digest,
  };
}

/** Generations that history need not keep: all but the newest twenty, and what else had the current one's number. */
export function outdated(all: readonly Generation[], current: Generation): Generation[] {
  const others = all.filter(({ number }) => number !== current.number).sort((a, b) => a.number - b.number);
  const rivals = all.filter(({ number, digest }) => number === current.number && digest !== current.digest);
  return [...rivals, ...others.slice(0, -(historyLength - 1))];
}

export const manifestOf = (
  generation: Generation,
  files: readonly RenderedFile[],
  now: number,
  note: Omit<GenerationNote, "topology"> = unnoted,
): Manifest => ({
  schema: "holdfast/generation/v1",
  number: generation.number,
  digest: generation.digest,
  createdAt: new Date(now).toISOString(),
  author: note.author,
  message: note.message,
  program: note.program,
  files: files.map(({ path, mode, owner, body, engine }) => ({
    path,
    mode,
    owner: { ...owner },
    sha256: sha256(body),
    engine,
  })),
});

/** Throws when `text` is no manifest: someone edited it, and nothing may be removed on its word. */
export const parseManifest = (text: string): Manifest => manifestSchema.parse(JSON.parse(text));

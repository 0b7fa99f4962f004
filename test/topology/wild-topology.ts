import { readFileSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";
import { parse, stringify } from "yaml";
import { parseNodeJson } from "../../src/render/node-json.js";
import { paths } from "../../src/render/paths.js";
import { renderCluster } from "../../src/render/render.js";
import type { Cluster } from "../../src/topology/cluster.js";
import { loadTopology } from "../../src/topology/load.js";
import { numbers } from "../lab/random-applies.js";
import { everyKey } from "./every-key.js";

const names = ["pair", "by-turns", "campus-routed", "dual-stack", "overlay", "shared-master"];
const good = [...names.map((name) => readFileSync(`examples/${name}.yaml`, "utf8")), everyKey].map(
  (text) => ({
    text,
    read: parse(text) as Holder,
  }),
);

type Random = () => number;
type Holder = Record<string, unknown> | unknown[];

/** What stands at a place of a document, and where. */
interface Place {
  readonly holder: Holder;
  readonly key: string | number;
}

const pick = <T>(things: readonly T[], random: Random): T =>
  things[Math.floor(random() * things.length)] as T;

/** What would break out of a configuration's line, a quoted word, a template, a shell or a terminal. */
const breakers = /[\n\r\0"'`$;{}\\#|<>&\x1b]/;
const hostile = [
  ...[
    "a\nlisten evil",
    "a b",
    'a"b',
    "a'b",
    "a;b",
    "a{b",
    "}",
    "$(reboot)",
    "`id`",
    "#",
    "a\\",
    "{{word x}}",
    "\0",
    "\u001b[31m",
  ],
  ...[
    "é",
    "\u2028",
    "\ud800",
    "a".repeat(5_000),
    "",
    " ",
    "-",
    "--",
    "../../etc/passwd",
    "/",
    "0",
    "010.0.0.1",
    "::",
    "1.2.3.4/0",
  ],
];
const values = [
  ...[0, 1, -1, 255, 256, 65_535, 65_536, 1e9, 1.5, Number.NaN, Number.POSITIVE_INFINITY, null, true, false],
  ...[[], {}, [[]], [null], "1s", "20ms", "0ms", "99999h", "any", "nat", "proxy"],
];

/** A topology that comes of a good one by a few changes: some are still good, most nearly, some want to break out. */
export function wildTopology(seed: number): string {
  const random = numbers(seed);
  const { text, read } = pick(good, random);
  const document = structuredClone(read);
  do change(document, random);
  while (random() < 0.35);
  const written = stringify(document, { version: "1.2" });
  return random() < 0.1 ? smudged(random() < 0.5 ? text : written, random) : written;
}

/** What is wrong with how a wild topology is read and rendered; an empty text where nothing is. */
export function complaintAboutTopology(seed: number): string {
  const text = wildTopology(seed);
  const { cluster, problems } = loadTopology(text);
  const errors = problems.filter(({ severity }) => severity === "error");
  if ((cluster === null) !== errors.length > 0)
    return `accepted ${cluster !== null}, with ${errors.length} errors`;
  const lines = text.split("\n").length;
  for (const { message, path, position } of problems) {
    if (!/^[\x20-\x7e]{1,400}$/.test(message + path)) return `says ${JSON.stringify(message)}`;
    if (position.line < 1 || position.line > lines) return `points to line ${position.line} of ${lines}`;
  }
  return cluster === null ? "" : complaintAboutCluster(cluster, text);
}

function complaintAboutCluster(cluster: Cluster, text: string): string {
  const read: unknown = parse(text);
  const again = loadTopology(stringify(read));
  if (!isDeepStrictEqual(again.cluster, cluster)) return "is another one when it is written anew";
  const breaking = stringsOf(read).filter((each) => breakers.test(each));
  for (const [machine, files] of renderCluster(cluster))
    for (const { path, body } of files) {
      if (path === paths.nodeJson) {
        if (!isDeepStrictEqual(parseNodeJson(body).cluster, JSON.parse(JSON.stringify(cluster))))
          return `${machine}'s agent reads another cluster`;
        continue;
      }
      if (!/^[\t\n\x20-\x7e]*$/.test(body)) return `${path} of ${machine} has characters that are not plain`;
      const found = breaking.find((each) => body.includes(each));
      if (found !== undefined) return `${path} of ${machine} has ${JSON.stringify(found)}`;
    }
  return "";
}

function change(document: Holder, random: Random): void {
  const all = placesOf(document);
  if (all.length === 0) return;
  const { holder, key } = pick(all, random);
  const value = at(holder, key);
  const chance = random();
  if (chance < 0.5 && (typeof value === "string" || typeof value === "number"))
    put(holder, key, near(value, random));
  else if (chance < 0.6) put(holder, key, pick(hostile, random));
  else if (chance < 0.7) put(holder, key, structuredClone(pick(values, random)));
  else if (chance < 0.8) remove(holder, key);
  else if (chance < 0.92) {
    const other = pick(all, random);
    put(holder, key, structuredClone(at(other.holder, other.key)));
  } else if (Array.isArray(holder)) holder.splice(Number(key), 0, structuredClone(value));
  else holder[`${key}x`] = value;
}

/** Another one of its kind: a number beside it, an address with another number in it. */
function near(value: string | number, random: Random): string | number {
  if (typeof value === "number") return value + Math.floor(random() * 5) - 2;
  const digits = [...value.matchAll(/[0-9]+/g)];
  const place = pick(digits, random);
  if (place === undefined) return `${value}${pick(["-b", "2", "_"], random)}`;
  const end = place.index + place[0].length;
  return value.slice(0, place.index) + Math.floor(random() * 260) + value.slice(end);
}

/** As by a slip of the hand, or a file that was cut off. */
function smudged(text: string, random: Random): string {
  const place = Math.floor(random() * text.length);
  const lines = text.split("\n");
  const line = Math.floor(random() * lines.length);
  switch (Math.floor(random() * 4)) {
    case 0:
      return text.slice(0, place);
    case 1:
      return text.slice(0, place) + pick(hostile, random) + text.slice(place);
    case 2:
      return lines.toSpliced(line, 1).join("\n");
    default:
      return lines.toSpliced(line, 0, lines[line] ?? "").join("\n");
  }
}

function placesOf(value: unknown): Place[] {
  if (typeof value !== "object" || value === null) return [];
  const holder = value as Holder;
  const keys = Array.isArray(holder) ? holder.map((_, index) => index) : Object.keys(holder);
  return keys.flatMap((key) => [{ holder, key }, ...placesOf(at(holder, key))]);
}

const stringsOf = (value: unknown): string[] =>
  placesOf([value]).flatMap(({ holder, key }) => {
    const each = at(holder, key);
    return typeof each === "string" ? [each] : [];
  });

const at = (holder: Holder, key: string | number): unknown =>
  (holder as Record<string | number, unknown>)[key];

function put(holder: Holder, key: string | number, value: unknown): void {
  (holder as Record<string | number, unknown>)[key] = value;
}

function remove(holder: Holder, key: string | number): void {
  if (Array.isArray(holder)) holder.splice(Number(key), 1);
  else delete holder[key];
}

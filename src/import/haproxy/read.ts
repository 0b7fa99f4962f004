import { type Place, remarking, type Tell } from "../finding.js";
import type { SourceText, WordLine } from "../source-text.js";
import { type ReadBinds, readBinds } from "./bind.js";
import { readCheck } from "./check.js";
import { disabledAt, inForce } from "./in-force.js";
import { withoutMultiplexer } from "./multiplexer.js";
import { isChoice } from "./not-carried.js";
import type { Entry, HaproxyFile, Pool } from "./proxy.js";
import { haproxySections, type Section } from "./sections.js";
import { noOptions, readOptions, readServer } from "./server.js";
import { lineTeller } from "./tell-lines.js";

/** Reads haproxy.cfg: what listens, and the pools. Whatever a topology has no place for is told. */
export function readHaproxy(source: SourceText, tell: Tell): HaproxyFile {
  const { file } = source;
  const all = withoutMultiplexer(haproxySections(source, tell), file, tell);
  const tellLines = lineTeller(file, tell);
  const sections = all.filter((section) => !isSwitchedOff(section, file, tell));
  const off = new Set(all.filter((each) => !sections.includes(each)).map(({ name }) => name));
  const pools = new Map<string, { readonly section: Section; readonly pool: Pool | string }>();
  for (const section of sections)
    if (section.kind !== "frontend" && !isStatistics(section))
      pools.set(section.name, { section, pool: readPool(section, file, tell, tellLines) });
  const used = new Set<string>();
  const entries = sections.flatMap((section): Entry[] => {
    const place = { file, line: section.line };
    if (section.kind === "backend") return [];
    const what = `${section.kind} ${section.name}`;
    tellLines(section);
    if (isStatistics(section)) {
      tell(
        place,
        "lost",
        what,
        "it shows HAProxy's own statistics",
        "'holdfast status' and the agent's /metrics",
      );
      return [];
    }
    const elsewhere = last(section, "default_backend")?.words[1];
    if (elsewhere !== undefined && section.lines.some(({ words }) => words[0] === "server"))
      tell(place, "lost", `servers of ${what}`, `default_backend ${elsewhere} serves in their place`);
    const target = elsewhere ?? (section.kind === "listen" ? section.name : undefined);
    const { binds, refused } = bindsOf(section, file, tell);
    if (target !== undefined) used.add(target);
    const pool = pools.get(target ?? "")?.pool;
    const why = refused ?? whyNoService(section, target, pool, off);
    if (why !== null || pool === undefined || typeof pool === "string") {
      tell(place, "lost", what, why ?? "", "write the service by hand");
      return [];
    }
    return [{ ...place, name: section.name, binds, pool, spokeHttp: modeOf(section) === "http" }];
  });
  const idle = [...pools.values()].flatMap(({ section, pool }) =>
    section.kind === "backend" && !used.has(section.name) && typeof pool !== "string" ? [pool] : [],
  );
  return { file, entries, pools: idle };
}

function whyNoService(
  section: Section,
  target: string | undefined,
  pool: Pool | string | undefined,
  off: ReadonlySet<string>,
): string | null {
  const mode = modeOf(section);
  if (mode !== "tcp" && mode !== "http") return `it is in mode ${mode}, and a service passes TCP on`;
  const chooser = section.lines.find(({ words }) => isChoice(words[0] ?? ""));
  if (chooser !== undefined)
    return `line ${chooser.line} chooses by what a client sends, and a service has one pool`;
  if (target === undefined) return "it has no default_backend";
  if (pool === undefined)
    return off.has(target) ? `its backend ${target} is switched off` : `there is no backend ${target}`;
  return typeof pool === "string" ? pool : null;
}

/** What HAProxy was told not to serve is not to be served because of an import. */
function isSwitchedOff(section: Section, file: string, tell: Tell): boolean {
  const line = disabledAt(section);
  if (line !== undefined)
    tell(
      { file, line: section.line },
      "lost",
      `${section.kind} ${section.name}`,
      `it is switched off in line ${line.line}: disabled`,
      "write the service by hand, if it is to come back",
    );
  return line !== undefined;
}

const isStatistics = (section: Section): boolean =>
  section.lines.some(({ words }) => words[0] === "stats" && /^(enable|uri)$/.test(words[1] ?? "")) &&
  !section.lines.some(({ words }) => words[0] === "server");

function bindsOf(section: Section, file: string, tell: Tell): ReadBinds {
  const all = [
    // `listen NAME ADDRESS:PORT`, which HAProxy has not taken since 1.7 but old files still have.
    ...(/:[0-9]+$/.test(section.rest[0] ?? "")
      ? [readBinds(section.rest, { file, line: section.line }, tell)]
      : []),
    ...section.lines
      .filter(({ words }) => words[0] === "bind")
      .map(({ words, line }) => readBinds(words.slice(1), { file, line }, tell)),
  ];
  return {
    binds: all.flatMap(({ binds }) => binds),
    refused: all.find(({ refused }) => refused !== null)?.refused ?? null,
  };
}

/** A pool, or why there is none. */
function readPool(
  section: Section,
  file: string,
  telling: Tell,
  tellLines: (section: Section) => void,
): Pool | string {
  const { tell, remarks } = remarking(telling);
  const place = { file, line: section.line };
  const lines = inForce(section);
  if (section.kind === "backend") tellLines(section);
  // What `defaults` gives to every pool is told where it stands: once.
  const defaults = lines
    .filter(({ words }) => words[0] === "default-server")
    .reduce(
      (before, { words, line }) => readOptions(words.slice(1), before, { file, line }, tell),
      noOptions,
    );
  const read = section.lines
    .filter(({ words }) => words[0] === "server")
    .flatMap(({ words, line }) => readServer(words, defaults, { file, line }, tell) ?? []);
  if (read.length === 0) return "its pool has no server that could be carried over";
  if (read.some(({ options }) => options.ssl)) {
    const why = "HAProxy opens TLS to its servers, which holdfast does not";
    if (section.kind === "backend")
      tell(place, "lost", `backend ${section.name}`, why, "let clients speak TLS to the servers themselves");
    return why;
  }
  const source = last(section, "source")?.words ?? [];
  const transparentSource = source.includes("usesrc") && /^client(ip)?$/.test(source.at(-1) ?? "");
  if (source.length > 0 && !transparentSource)
    tell(place, "lost", source.join(" "), "HAProxy chooses its own address", "use nat.source");
  return {
    ...place,
    name: section.name,
    balance: balanceOf(section, file, tell),
    transparent: transparentSource || read.some(({ options }) => options.transparent),
    check: readCheck(
      lines,
      read.map(({ options }) => options),
      place,
      tell,
    ),
    servers: read.map(({ server }) => server),
    spokeHttp: modeOf(section) === "http",
    remarks,
  };
}

function balanceOf(section: Section, file: string, tell: Tell): Pool["balance"] {
  const line = last(section, "balance");
  const name = line?.words[1] ?? "roundrobin";
  if (name === "source" || name === "leastconn" || name === "roundrobin") return name;
  if (name === "static-rr") return "roundrobin";
  const instead =
    name === "random" ? "leastconn" : name === "hash" || name === "sdp" ? "source" : "roundrobin";
  const place: Place = { file, line: line?.line ?? section.line };
  tell(
    place,
    "look",
    line?.words.join(" ") ?? "",
    `a service is balanced by source, leastconn or roundrobin; it has ${instead}`,
    "see whether it suits",
  );
  return instead;
}

/** The line that counts; of keys that nothing takes back. */
function last({ lines, inherited }: Section, key: string): WordLine | undefined {
  const isIt = ({ words }: WordLine): boolean => words[0] === key;
  return lines.findLast(isIt) ?? inherited.findLast(isIt);
}

/** Without `mode` a proxy speaks TCP (HAProxy's manual, `mode`). */
const modeOf = (section: Section): string => last(section, "mode")?.words[1] ?? "tcp";

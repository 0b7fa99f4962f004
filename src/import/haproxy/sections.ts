import type { Tell } from "../finding.js";
import type { SourceText, WordLine } from "../source-text.js";
import { haproxyLines } from "./words.js";

/** A part of the file from one section's name to the next. */
interface Cut extends WordLine {
  readonly lines: readonly WordLine[];
}

/** Something that listens, or a pool, with what it inherits from its defaults. */
export interface Section {
  readonly kind: "frontend" | "backend" | "listen";
  readonly name: string;
  readonly line: number;
  /** What follows the name: an address in very old files. */
  readonly rest: readonly string[];
  readonly lines: readonly WordLine[];
  readonly inherited: readonly WordLine[];
}

/** Sections that are no proxy: why they have no place in a topology, and what to do. */
const others: Readonly<Record<string, readonly [why: string, cure?: string]>> = {
  peers: ["stick tables are not supported", "balance: source keeps a client at its server"],
  resolvers: ["a server of the topology has an address, not a name that is resolved"],
  userlist: ["holdfast balances TCP, not HTTP"],
  mailers: ["holdfast sends no mail", "follow 'holdfast events --follow'"],
  program: ["systemd starts programs, not HAProxy"],
  cache: ["holdfast balances TCP, not HTTP"],
  ring: ["HAProxy logs to its standard output"],
  "log-forward": ["holdfast balances TCP connections"],
  "log-profile": ["HAProxy logs to its standard output"],
  "http-errors": ["holdfast balances TCP, not HTTP"],
  "fcgi-app": ["holdfast balances TCP, not HTTP"],
  traces: ["it is a tool for developers"],
  "crt-store": ["holdfast does not end TLS"],
  acme: ["holdfast does not end TLS"],
};

const kinds: ReadonlySet<string> = new Set(["global", "defaults", "frontend", "backend", "listen"]);

/** Cuts a file into its proxies and gives each what it inherits. */
export function haproxySections(source: SourceText, tell: Tell): Section[] {
  const sections: Section[] = [];
  const named = new Map<string, readonly WordLine[]>();
  let latest: readonly WordLine[] = [];
  for (const { words, line, lines } of cut(source, tell)) {
    const [kind = "", name = "", ...rest] = words;
    const place = { file: source.file, line };
    const from = words.indexOf("from", 1);
    const parent = from < 0 ? undefined : named.get(words[from + 1] ?? "");
    if (kind === "global") tellGlobal(lines, source.file, tell);
    else if (kind === "defaults") {
      // One section of defaults inherits from another only where it says so.
      latest = [...(parent ?? []), ...lines];
      if (from !== 1) named.set(name, latest);
    } else if (kind === "frontend" || kind === "backend" || kind === "listen") {
      if (from >= 0 && parent === undefined)
        tell(place, "look", words.join(" "), "there are no defaults of that name", "see what it inherits");
      sections.push({ kind, name, line, rest, lines, inherited: parent ?? latest });
    } else {
      const [why = "", cure] = others[kind] ?? [];
      tell(place, "lost", words.join(" "), why, cure);
    }
  }
  return sections;
}

function cut(source: SourceText, tell: Tell): Cut[] {
  const cuts: (Cut & { readonly lines: WordLine[] })[] = [];
  for (const { words, line } of haproxyLines(source, tell)) {
    const place = { file: source.file, line };
    const [key = ""] = words;
    if (key.startsWith("."))
      tell(
        place,
        "look",
        words.join(" "),
        "conditions are not evaluated",
        "leave in the file what counts here",
      );
    else if (kinds.has(key) || Object.hasOwn(others, key)) cuts.push({ words, line, lines: [] });
    else if (cuts.length === 0) tell(place, "lost", words.join(" "), "it stands in no section");
    else cuts.at(-1)?.lines.push({ words, line });
  }
  return cuts;
}

/** Limits of a whole HAProxy (manual, 3.2). */
const limit =
  /^(max(conn|connrate|sessrate|sslconn|sslrate|pipes|compcpuusage|comprate)|fd-hard-limit|ulimit-n)$/;
const ours = "fd-hard-limit 131072";

function tellGlobal(lines: readonly WordLine[], file: string, tell: Tell): void {
  const scripts = lines.filter(({ words }) => /^lua-/.test(words[0] ?? ""));
  for (const { words, line } of scripts)
    tell({ file, line }, "lost", words.join(" "), "holdfast runs no Lua in HAProxy");
  const limits = lines.filter(({ words }) => limit.test(words[0] ?? "") && words.join(" ") !== ours);
  for (const { words, line } of limits)
    tell(
      { file, line },
      "lost",
      words.join(" "),
      "HAProxy takes as many sessions as the machine's own limit on files allows",
      "see that the machine bears them",
    );
  const rest = lines.filter((each) => !scripts.includes(each) && !limits.includes(each));
  const names = [...new Set(rest.map(({ words }) => words[0]))].join(", ");
  const [first] = rest;
  if (first !== undefined)
    tell({ file, line: first.line }, "replaced", names, "holdfast writes its own global section");
}

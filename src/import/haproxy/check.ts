import type { Place, Tell } from "../finding.js";
import type { WordLine } from "../source-text.js";
import { haproxyTime } from "./duration.js";
import type { WrittenCheck } from "./proxy.js";
import type { ServerOptions } from "./server.js";

/** Kinds of check that holdfast does not have. */
const foreign = /^(mysql|pgsql|redis|smtp|ldap|external|spop|agent)-?(check|chk)$/;

/** As the topology takes a path (RFC 3986, 3.3); anything else cannot be written there. */
const writable = /^\/(?:[A-Za-z0-9._~&+,;=:@/?-]|%[0-9A-Fa-f]{2}){0,1023}$/;

/** What the servers of a pool must do to be up. `lines` has what was inherited first. */
export function readCheck(
  lines: readonly WordLine[],
  options: readonly ServerOptions[],
  place: Place,
  tell: Tell,
): WrittenCheck {
  const { file } = place;
  const [first] = options;
  const type = kindOf(lines, options, file, tell);
  const within = (name: string, value: number, from: number, to: number): number => {
    const kept = Math.min(Math.max(value, from), to);
    if (kept !== value)
      tell(place, "look", `${name} ${value}`, `it is ${kept}: from ${from} to ${to}`, "see that it suits");
    return kept;
  };
  const interval = within("a check's interval in ms", first?.interval ?? 2000, 10, 3_600_000);
  if (first !== undefined && options.some((each) => differs(each, first)))
    tell(
      place,
      "look",
      "servers that are checked differently",
      "a service has one check for all of its servers; it has that of the first one",
      "see whether it suits all of them",
    );
  if (options.length > 0 && !options.some(({ check }) => check))
    tell(
      place,
      "replaced",
      "servers without check",
      "holdfast checks every server by a TCP connection at least",
    );
  const timeout = haproxyTime(
    lines.findLast(({ words }) => words[0] === "timeout" && words[1] === "check")?.words[2],
  );
  return {
    ...type,
    interval,
    timeout: timeout === null ? null : within("timeout check in ms", timeout, 10, interval),
    rise: within("rise", first?.rise ?? 2, 1, 100),
    fall: within("fall", first?.fall ?? 3, 1, 100),
  };
}

type Kind = Pick<WrittenCheck, "type" | "openflowVersions" | "path" | "expect">;
const plain = { openflowVersions: null, path: null, expect: null };

function kindOf(
  lines: readonly WordLine[],
  options: readonly ServerOptions[],
  file: string,
  tell: Tell,
): Kind {
  // The last of them is the one that counts (HAProxy's manual, `option tcp-check`).
  const chosen = lines.findLast(
    ({ words: [key, name = ""] }) =>
      key === "option" && (/^(tcp-check|httpchk|ssl-hello-chk)$/.test(name) || foreign.test(name)),
  );
  const name = chosen?.words[1] ?? "";
  if (chosen !== undefined && foreign.test(name))
    tell(
      { file, line: chosen.line },
      "lost",
      chosen.words.join(" "),
      "holdfast has checks of type openflow, tcp, tls and http",
      "the service is checked by a TCP connection",
    );
  if (name === "httpchk" && chosen !== undefined) return http(lines, chosen, file, tell);
  if (name === "tcp-check") return steps(lines, options, file, tell);
  if (name === "ssl-hello-chk" || options.some(({ checkSsl, check }) => checkSsl && check))
    return { type: "tls", ...plain };
  return { type: "tcp", ...plain };
}

function http(lines: readonly WordLine[], chosen: WordLine, file: string, tell: Tell): Kind {
  const [, , first, second] = chosen.words;
  let method = second === undefined && first?.startsWith("/") ? "OPTIONS" : (first ?? "OPTIONS");
  let path = second ?? (first?.startsWith("/") ? first : "/");
  let expect: number | null = null;
  for (const { words, line } of lines) {
    if (words[0] !== "http-check") continue;
    const place = { file, line };
    const after = (key: string): string | undefined =>
      words.includes(key) ? words[words.indexOf(key) + 1] : undefined;
    if (words[1] === "send") {
      method = after("meth") ?? method;
      path = after("uri") ?? path;
      if (words.some((word) => /^(body|body-lf|hdr)$/.test(word)))
        tell(place, "lost", words.join(" "), "a check only asks for a path");
    } else if (words[1] === "expect") {
      const status = /^[1-5][0-9]{2}$/.test(after("status") ?? "") ? Number(after("status")) : null;
      if (status === null || words.includes("!"))
        tell(
          place,
          "look",
          words.join(" "),
          "an answer is good by its one status",
          "see that expect is right",
        );
      else expect = status;
    } else if (words[1] !== "connect" || words.length > 2)
      tell(place, "lost", words.join(" "), "a check only asks for a path and looks at the status");
  }
  const place = { file, line: chosen.line };
  if (chosen.words.length > 5 || /\s/.test(chosen.words[4] ?? ""))
    tell(place, "lost", chosen.words.slice(4).join(" "), "a check only asks for a path, without headers");
  if (method !== "GET")
    tell(place, "replaced", `a check by ${method}`, "holdfast asks by GET", "see that the server answers it");
  if (expect === null)
    tell(
      place,
      "look",
      chosen.words.join(" "),
      "HAProxy takes every status of 2xx and 3xx, a holdfast check one: 200 unless expect names another",
      "see that the server answers with it",
    );
  if (!writable.test(path)) {
    tell(place, "look", path, "it cannot be written as path", "escape its characters as %XX");
    path = "/";
  }
  return { type: "http", openflowVersions: null, path, expect };
}

/** Of checks that are spelt out, one that greets as an OpenFlow switch is known; any other becomes a connection. */
function steps(
  lines: readonly WordLine[],
  options: readonly ServerOptions[],
  file: string,
  tell: Tell,
): Kind {
  const own = lines.filter(({ words }) => words[0] === "tcp-check");
  const sent = own.find(({ words }) => words[1] === "send-binary")?.words[2] ?? "";
  const [, version] = /^0([1-6])000008[0-9a-fA-F]{8}$/.exec(sent) ?? [];
  if (version !== undefined) {
    const expected = own.findLast(({ words }) => words[1] === "expect")?.words.at(-1) ?? "";
    const [, several, single] = /^\^?0(?:\[([1-6]+)\]|([1-6]))05/.exec(expected) ?? [];
    for (const { words, line } of own)
      if (words[1] === "connect" && words.length > 2)
        tell({ file, line }, "lost", words.join(" "), "a check opens a connection to the server's own port");
    const all = [...new Set(`${several ?? single ?? ""}${version}`)].sort();
    return {
      type: "openflow",
      openflowVersions: all.map((each) => `1.${Number(each) - 1}`),
      path: null,
      expect: null,
    };
  }
  for (const { words, line } of own)
    if (words[1] !== "connect" || words.length > 2)
      tell(
        { file, line },
        "lost",
        words.join(" "),
        "a check of type tcp only opens a connection",
        "see whether type: openflow, tls or http says it",
      );
  const tls = own.some(({ words }) => words.includes("ssl")) || options.some(({ checkSsl }) => checkSsl);
  return { type: tls ? "tls" : "tcp", ...plain };
}

const differs = (a: ServerOptions, b: ServerOptions): boolean =>
  a.interval !== b.interval || a.rise !== b.rise || a.fall !== b.fall || a.check !== b.check;

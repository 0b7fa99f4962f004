import type { Tell } from "../finding.js";
import type { WordLine } from "../source-text.js";
import type { Section } from "./sections.js";

/**
 * Without what holdfast itself puts into the path of sessions that a master controller shares: the same servers once
 * more, at the multiplexer's sockets. No client chooses between the two, so that the service is what it would be without.
 */
export function withoutMultiplexer(sections: readonly Section[], file: string, tell: Tell): Section[] {
  const passed = new Set<string>();
  const left = sections.map((section) => {
    const line = section.lines.find((each) => leadsThrough(each, section));
    if (line === undefined) return section;
    passed.add(line.words[1] ?? "");
    const why = "what the master controller may do stands in no file of HAProxy's";
    tell({ file, line: line.line }, "lost", line.words.join(" "), why, "write the service's mirror by hand");
    return { ...section, lines: section.lines.filter((each) => each !== line) };
  });
  return left.filter(({ kind, name }) => kind !== "backend" || !passed.has(name));
}

/** `use_backend SERVICE.multiplexer if { nbsrv(SERVICE.multiplexer) gt 0 }`, word for word. */
function leadsThrough({ words }: WordLine, { kind, name }: Section): boolean {
  const through = `${name}.multiplexer`;
  return kind === "frontend" && words.join(" ") === `use_backend ${through} if { nbsrv(${through}) gt 0 }`;
}

import type { RenderedFile } from "../render/file.js";

/** A kernel setting: key as sysctl(8) prints it, value with single blanks. */
export type Setting = readonly [key: string, value: string];

/** What the rendered sysctl files want; a leading `-` (the key may be missing) is passed over. */
export const wantedSettings = (files: readonly RenderedFile[]): Setting[] =>
  files.filter(({ engine }) => engine === "sysctl").flatMap(({ body }) => settingsIn(body));

/** What a file in sysctl.d(5)'s form sets. */
export const settingsIn = (body: string): Setting[] =>
  body
    .split("\n")
    .filter((line) => !/^\s*[#;]/.test(line))
    .flatMap((line) => setting(line.replace(/^\s*-/, "")));

/** What `sysctl KEY...` prints. */
export const parseSettings = (printed: string): Map<string, string> =>
  new Map(printed.split("\n").flatMap(setting));

function setting(line: string): Setting[] {
  const at = line.indexOf("=");
  if (at < 0) return [];
  // The kernel separates numbers by tabs where people write blanks.
  return [
    [
      printedKey(line.slice(0, at).trim()),
      line
        .slice(at + 1)
        .trim()
        .split(/\s+/)
        .join(" "),
    ],
  ];
}

/** Dots and slashes change places when the first separator is a slash (sysctl(8)): devices may have dots in their name. */
function printedKey(key: string): string {
  if (!/^[^./]*\//.test(key)) return key;
  return key.replace(/[./]/g, (separator) => (separator === "/" ? "." : "/"));
}

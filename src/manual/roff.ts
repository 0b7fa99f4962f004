/** Text for man(7): what would be a command of its own is quoted, hyphens are those that are typed. */
export const roff = (text: string): string =>
  text
    .replaceAll("\\", "\\e")
    .replaceAll("-", "\\-")
    .split("\n")
    .map((line) => (/^[.']/.test(line) ? `\\&${line}` : line))
    .join("\n");

/** A macro's one argument. */
const quoted = (text: string): string => `"${roff(text).replaceAll('"', "\\(dq")}"`;

export interface PageTitle {
  readonly name: string;
  readonly section: 1 | 5;
  readonly version: string;
  /** For instance 2026-11-29. */
  readonly date: string;
  /** One clause, in small letters. */
  readonly about: string;
}

export const head = ({ name, section, version, date, about }: PageTitle): string =>
  [
    `.TH ${quoted(name.toUpperCase())} ${section} ${quoted(date)} ${quoted(`holdfast ${version}`)} ${quoted("holdfast")}`,
    // Flags and paths are neither stretched nor broken.
    ".nh",
    ".ad l",
    heading("NAME"),
    `${roff(name)} \\- ${roff(about)}`,
  ].join("\n");

export const heading = (title: string): string => `.SH ${quoted(title)}`;

/** Lines as they are, in a page that otherwise fills them. */
export const verbatim = (text: string): string => [".PP", ".nf", roff(text), ".fi"].join("\n");

export const paragraph = (text: string): string => `.PP\n${roff(text)}`;

/** A word in bold, and below it what it means. */
export const tagged = (tag: string, text: string): string => `.TP\n.B ${quoted(tag)}\n${roff(text)}`;

/** Further in than what stands before. */
export const indented = (lines: readonly string[]): string[] =>
  lines.length === 0 ? [] : [".RS", ...lines, ".RE"];

/** Other pages, in the order given. */
export const seeAlso = (pages: readonly { readonly name: string; readonly section: number }[]): string =>
  [heading("SEE ALSO"), pages.map(({ name, section }) => `.BR ${roff(name)} (${section})`).join(" ,\n")].join(
    "\n",
  );

/** What the engines' configuration languages read as one plain word: no blank, quote, comment, escape or variable. */
const plain = /^[A-Za-z0-9_.:/@=,[\]-]+$/;

/** iptables negates with a lone `!`. */
const argument = /^(?:!|[A-Za-z0-9_.:/@=,[\]-]+)$/;

/** What a request's target may hold (RFC 3986, path and query), without the quote that would end the word. */
const target = /^[A-Za-z0-9\-._~:/?@&+,;=%]+$/;

export type Value = string | number;

/** A plain word of an engine's configuration. @throws when it is not one */
export const word = (value: Value): string => matching(plain, value);

/** A rule's arguments, one blank between them. @throws when one of them is not a word */
export const words = (values: readonly Value[]): string =>
  values.map((value) => matching(argument, value)).join(" ");

/** A word in HAProxy's strong quotes, in which nothing is special (configuration manual, 2.2). @throws when it is no target */
export const quotedWord = (value: Value): string => `'${matching(target, value)}'`;

/** An argument of systemd's ExecStart, where only `%` and `$` would be special in a plain word. @throws on any other */
export const unitArgument = (value: Value): string => matching(plain, value);

function matching(shape: RegExp, value: Value): string {
  const text = String(value);
  if (shape.test(text)) return text;
  throw new Error(`${JSON.stringify(text.slice(0, 60))} cannot stand in an engine's configuration`);
}

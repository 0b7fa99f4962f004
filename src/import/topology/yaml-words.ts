import { oneLine } from "../finding.js";

/** The same remark about several things stands once. */
export const looks = (remarks: readonly string[], indent: number): string[] =>
  [...new Set(remarks)].map(look(indent));

const look =
  (indent: number) =>
  (remark: string): string =>
    `${" ".repeat(indent)}# LOOK: ${oneLine(remark)}`;

/** A flow mapping without the keys that have no value. */
export function map(keys: Readonly<Record<string, string | number | null>>): string {
  const pairs = Object.entries(keys).flatMap(([key, value]) => (value === null ? [] : [`${key}: ${value}`]));
  return `{ ${pairs.join(", ")} }`;
}

export const list = (values: readonly string[]): string =>
  values.length === 1 ? scalar(values[0] ?? "") : `[${values.map(scalar).join(", ")}]`;

/** Plain where YAML can only read it as this string, else in double quotes. */
export const scalar = (text: string): string =>
  /^[a-zA-Z][a-zA-Z0-9.-]*$/.test(text) && !/^(true|false|null|yes|no|on|off|y|n)$/i.test(text)
    ? text
    : /^(\d+\.){3}\d+(\/\d+)?$/.test(text)
      ? text
      : JSON.stringify(text);

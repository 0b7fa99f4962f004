import type { Written } from "../topology-page.js";

/** As much of JSON Schema as tells a value's type. */
export interface Typed extends Written {
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly anyOf?: readonly Typed[];
  readonly items?: Typed;
  readonly properties?: Readonly<Record<string, Typed>>;
  readonly additionalProperties?: Typed | boolean;
}

/** The type of a value in a few words, for a column of a table. */
export function typeWords(schema: Typed): string {
  if (schema.anyOf !== undefined) return [...new Set(schema.anyOf.map(typeWords))].join(", or ");
  if (schema.enum !== undefined) return schema.enum.join(", ");
  if (schema.type === "array")
    return `list of ${schema.items === undefined ? "values" : typeWords(schema.items)}`;
  if (schema.type === "integer") return `number${rangeWords(schema)}`;
  if (schema.type === "boolean") return "true, false";
  if (schema.type === "object") return "map";
  return schema.type === "string" ? stringWords(schema) : "any";
}

const rangeWords = ({ minimum, maximum }: Typed): string =>
  minimum === undefined || maximum === undefined ? "" : ` ${minimum} to ${maximum}`;

/** The two patterns that mean something to people. */
function stringWords({ pattern = "" }: Typed): string {
  if (pattern.includes("(ms|s)")) return "duration";
  return pattern.startsWith("^[a-z0-9]([a-z0-9-]") ? "name" : "text";
}

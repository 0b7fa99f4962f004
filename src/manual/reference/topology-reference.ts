import { code, fenced, page, table } from "./markdown.js";
import { type Typed, typeWords } from "./type-words.js";

export interface Key {
  /** For instance `services[].servers[].weight`. */
  readonly path: string;
  readonly type: string;
  /** `required`, or the words that the schema has for the default. */
  readonly unset: string;
  readonly description: string;
}

/** docs/reference/topology.md: a table for each key at the margin, with all that may stand below it. */
export function topologyReference(schema: Typed, example: string): string {
  const sections = Object.entries(schema.properties ?? {}).flatMap(([name, value]) => {
    const keys = keysAt(name, value, (schema.required ?? []).includes(name));
    return [
      `## ${name}`,
      table(
        ["key", "type", "default", "what it is"],
        keys.map((key) => [code(key.path), key.type, key.unset, key.description]),
      ),
    ];
  });
  return page(
    "# Every key of the topology",
    "Made from the schema by `npm run reference`; `man holdfast-topology` has the same words. Unknown keys are errors. " +
      "`NAME` stands for a name that you choose, `[]` for each entry of a list.",
    ...sections,
    "## A file to begin with",
    "As `holdfast init` prints it:",
    fenced(example, "yaml"),
  );
}

/** A key and all keys below it, in the order of the schema. */
export function keysAt(path: string, schema: Typed, required: boolean): Key[] {
  const { description, unset } = apart(schema, required);
  const own = { path, type: typeWords(schema), unset, description };
  return [own, ...below(path, schema)];
}

function below(path: string, schema: Typed): Key[] {
  if (schema.anyOf !== undefined) return schema.anyOf.flatMap((branch) => below(path, branch));
  if (schema.items !== undefined) return below(`${path}[]`, schema.items);
  const required = new Set(schema.required ?? []);
  const named = schema.additionalProperties;
  return [
    ...(typeof named === "object" ? below(`${path}.NAME`, named) : []),
    ...Object.entries(schema.properties ?? {}).flatMap(([key, value]) =>
      keysAt(`${path}.${key}`, value, required.has(key)),
    ),
  ];
}

/** Descriptions end with their default: it has a column of its own here. */
function apart(
  { description = "", ...schema }: Typed,
  required: boolean,
): Pick<Key, "unset" | "description"> {
  if (required) return { unset: "required", description };
  const [, words, ending] = /^(.*?) ?Default:? ([^.]*(?:\.[^.]+)*)\.$/.exec(description) ?? [];
  if (words === undefined || ending === undefined)
    return { unset: isMap(schema) ? "that of its keys" : "", description };
  return { unset: ending, description: words };
}

const isMap = ({ type }: Typed): boolean => type === "object";

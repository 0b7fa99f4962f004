import type { Path } from "./path.js";

/** As much of JSON Schema as `topologyJsonSchema` uses. */
export interface JsonSchema {
  readonly type?: string;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly additionalProperties?: JsonSchema | boolean;
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
}

/** The keys that an object at `path` may have; empty where any or none may stand. */
export function keysAt(schema: JsonSchema, path: Path): string[] {
  const [step, ...rest] = path;
  const branches = schema.anyOf ?? [schema];
  return branches.flatMap((branch) => {
    if (step === undefined) return Object.keys(branch.properties ?? {});
    const next =
      typeof step === "number" ? branch.items : (own(branch.properties, step) ?? branch.additionalProperties);
    return typeof next === "object" ? keysAt(next, rest) : [];
  });
}

/** A step may be any key of the file, even one that every JavaScript object inherits. */
const own = (properties: JsonSchema["properties"], key: string): JsonSchema | undefined =>
  properties !== undefined && Object.hasOwn(properties, key) ? properties[key] : undefined;

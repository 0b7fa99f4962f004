import type { TopologyDocument } from "./document.js";
import { type JsonSchema, keysAt } from "./json-schema.js";
import type { Path } from "./path.js";
import type { Problem } from "./problem.js";
import { topologyJsonSchema } from "./schema.js";
import { closest } from "./suggest.js";

/** Keys that the schema does not know, in the map at `path`. */
export interface UnknownKeys {
  readonly path: Path;
  readonly keys: readonly string[];
}

/**
 * Reports unknown keys and takes them out of `document.value`: one that is nearly a known key is read as that key from
 * now on, so that one slip does not hide, or make up, other problems.
 */
export function readAsMeant(unknown: readonly UnknownKeys[], document: TopologyDocument): Problem[] {
  const schema: JsonSchema = topologyJsonSchema();
  return unknown.flatMap(({ path, keys }) => {
    const map = valueAt(document.value, path);
    const known = keysAt(schema, path);
    return keys.map((key): Problem => {
      const place = document.atKey([...path, key]);
      const meant = closest(
        key,
        known.filter((candidate) => !Object.hasOwn(map, candidate)),
      );
      if (meant !== null) {
        map[meant] = map[key];
        document.readAs(path, key, meant);
      }
      delete map[key];
      const message = `unknown key${meant === null ? "" : `; did you mean \`${meant}\`?`}`;
      return { rule: "schema", severity: "error", ...place, message };
    });
  });
}

const valueAt = (value: unknown, path: Path): Record<string, unknown> =>
  path.reduce((inner, step) => (inner as Record<string, unknown>)[step], value) as Record<string, unknown>;

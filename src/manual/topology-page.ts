import type { JsonSchema } from "../topology/json-schema.js";
import { head, heading, indented, paragraph, seeAlso, tagged, verbatim } from "./roff.js";

interface Edition {
  readonly version: string;
  readonly date: string;
}

/** holdfast-topology(5): every key of the schema with the words that the schema itself has for it. */
export function topologyPage(schema: Written, example: string, edition: Edition): string {
  return [
    head({ name: "holdfast-topology", section: 5, about: "the file that describes a cluster", ...edition }),
    heading("DESCRIPTION"),
    paragraph(
      "One YAML file describes the load balancers, what moves between them, and what they spread over servers. " +
        "Unknown keys are errors. 'holdfast init' prints a commented one to begin with, 'holdfast validate' says everything " +
        "that is wrong with one, 'holdfast schema' prints what follows for editors.",
    ),
    heading("KEYS"),
    ...keysOf(schema),
    heading("EXAMPLE"),
    verbatim(example.trimEnd()),
    seeAlso([
      { name: "holdfast", section: 1 },
      { name: "holdfast-validate", section: 1 },
      { name: "holdfast-schema", section: 1 },
    ]),
    "",
  ].join("\n");
}

/** As much of JSON Schema as a page shows. */
export interface Written extends JsonSchema {
  readonly properties?: Readonly<Record<string, Written>>;
  readonly additionalProperties?: Written | boolean;
  readonly items?: Written;
  readonly anyOf?: readonly Written[];
  readonly enum?: readonly unknown[];
  readonly required?: readonly string[];
}

function keysOf(schema: Written): string[] {
  const required = new Set(schema.required ?? []);
  const own = Object.entries(schema.properties ?? {}).flatMap(([key, value]) => [
    tagged(key, sentence(value, required.has(key))),
    ...indented(keysOf(inner(value))),
  ]);
  const named = schema.additionalProperties;
  if (typeof named !== "object") return own;
  return [...own, tagged("NAME", sentence(named, false)), ...indented(keysOf(inner(named)))];
}

/** Of a list its entries: they have the keys. Where one value or several may stand, whichever has keys. */
function inner(schema: Written): Written {
  const branch = schema.anyOf?.find((one) => one.properties ?? one.items?.properties) ?? schema;
  return branch.items ?? branch;
}

const sentence = (schema: Written, required: boolean): string =>
  [
    schema.description ?? "A name that you choose.",
    ...(schema.enum === undefined ? [] : [`One of ${schema.enum.join(", ")}.`]),
    ...(required ? ["Required."] : []),
  ].join(" ");

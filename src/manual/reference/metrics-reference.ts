import { metricsText } from "../../agent/metrics/metrics.js";
import { code, page, table } from "./markdown.js";
import { metricConditions } from "./metrics-conditions.js";
import { specimen } from "./metrics-specimen.js";

/** docs/reference/metrics.md: what a scrape has, read from one of a node about which everything is known. */
export async function metricsReference(): Promise<string> {
  const metrics = metricsIn(await metricsText(specimen));
  return page(
    "# Every metric",
    "Made by `npm run reference` from what an agent answers to `GET /metrics` (mutual TLS; a certificate of the role `viewer` is " +
      "enough). What is there only sometimes says when; a metric whose value is not known at the moment is left out. Times are seconds since 1970, durations seconds.",
    table(
      ["metric", "kind", "labels", "what it is", "there"],
      metrics.map(({ name, kind, labels, help }) => [
        code(name),
        kind,
        labels.map(labelWords).join("; "),
        help,
        metricConditions[name] ?? "always",
      ]),
    ),
  );
}

export interface ToldMetric {
  readonly name: string;
  readonly help: string;
  readonly kind: string;
  readonly labels: readonly { readonly name: string; readonly values: readonly string[] }[];
}

/** What a scrape tells of itself: each metric, its labels and their values. */
export function metricsIn(text: string): ToldMetric[] {
  const kinds = new Map([...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name, kind]) => [name, kind]));
  return [...text.matchAll(/^# HELP (\S+) (.*)$/gm)].map(([, name = "", help = ""]) => ({
    name,
    help,
    kind: kinds.get(name) ?? "",
    labels: labelsOf(name, text),
  }));
}

function labelsOf(metric: string, text: string): ToldMetric["labels"] {
  const values = new Map<string, Set<string>>();
  for (const [, name, labels = ""] of text.matchAll(/^(\w+)\{(.*)\} /gm))
    if (name === metric)
      for (const [, label = "", value = ""] of labels.matchAll(/(\w+)="([^"]*)"/g))
        values.set(label, (values.get(label) ?? new Set()).add(value));
  return [...values].map(([name, set]) => ({ name, values: [...set] }));
}

/** A label with several values has them from a list of the program's: the specimen has one of everything else. */
const labelWords = ({ name, values }: ToldMetric["labels"][number]): string =>
  values.length > 1 ? `${code(name)}: ${values.join(", ")}` : code(name);

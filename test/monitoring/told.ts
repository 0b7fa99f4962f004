import { metricsText } from "../../src/agent/metrics/metrics.js";
import { metricsIn } from "../../src/manual/reference/metrics-reference.js";
import { specimen } from "../../src/manual/reference/metrics-specimen.js";
import { selectorsIn } from "./promql.js";

const told = new Map(metricsIn(await metricsText(specimen)).map(({ name, labels }) => [name, labels]));

/** What Prometheus itself says, and the labels that it gives to all. */
const ofPrometheus = new Set(["up", "ALERTS"]);
const ofTheTarget = new Set(["cluster", "instance", "job"]);

/** What an expression asks for and no scrape has: metrics, labels of theirs, or values of labels whose values the program chooses. */
export const untoldIn = (expression: string): string[] =>
  selectorsIn(expression).flatMap(({ metric, labels }) => {
    const known = told.get(metric);
    if (known === undefined) return ofPrometheus.has(metric) ? [] : [metric];
    return labels.flatMap(({ name, values }) => {
      const label = known.find((each) => each.name === name);
      if (label === undefined) return ofTheTarget.has(name) ? [] : [`${metric}{${name}}`];
      // A label with several values has them from a list of the program's.
      const isChosen = label.values.length > 1;
      return values
        .filter((value) => isChosen && !value.startsWith("$") && !label.values.includes(value))
        .map((value) => `${metric}{${name}="${value}"}`);
    });
  });

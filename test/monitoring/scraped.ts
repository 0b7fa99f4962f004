import { metricsText } from "../../src/agent/metrics/metrics.js";
import type { MetricsSnapshot } from "../../src/agent/metrics/snapshot.js";
import { specimen } from "../../src/manual/reference/metrics-specimen.js";

/** Two nodes on which everything that can be told is told, the bad too. */
const nodes: readonly MetricsSnapshot[] = (["active", "standby"] as const).map((role) => ({
  ...specimen,
  role,
  faults: { ...specimen.faults, "network-dead": true },
  drift: [{ kind: "file" }],
  links: specimen.links.map((link) => ({ ...link, silent: true })),
  witnesses: specimen.witnesses.map((witness) => ({ ...witness, silent: true })),
  rivals: specimen.rivals.map((rival) => ({ ...rival, owner: true })),
}));

interface Series {
  readonly series: string;
  readonly values: string;
}

/** What Prometheus has of them after a while, for promtool's unit tests; what is counted goes up. */
export async function scraped(): Promise<readonly Series[]> {
  const found: Series[] = [];
  for (const [index, snapshot] of nodes.entries()) {
    const target = `instance="lb-${index}", job="holdfast", cluster="campus"`;
    found.push({ series: `up{${target}}`, values: "1x40" });
    for (const [, name, labels = "", value] of (await metricsText(snapshot)).matchAll(
      /^(\w+)(?:\{(.*)\})? (\S+)$/gm,
    ))
      found.push({
        series: `${name}{${target}${labels && ", "}${labels}}`,
        values: `${value}${step(name)}x40`,
      });
  }
  for (const severity of ["page", "ticket"])
    found.push({
      series: `ALERTS{alertname="HoldfastX", alertstate="firing", severity="${severity}"}`,
      values: "1x40",
    });
  return found;
}

const step = (name = ""): string => (name.endsWith("_total") ? "+1" : "+0");

import { type ExchangeCounts, isPresent, type MirrorReport, type SwitchReport } from "../../mirror/report.js";
import { holdfast, type Metric, type Sample } from "./metric.js";

type Count = (each: SwitchReport) => number;

/** What a master controller gets of each switch. A switch that has not said who it is counts in the first two alone. */
export function mirrorMetrics(
  mirrors: readonly MirrorReport[],
  proxied: readonly { readonly name: string; readonly past: number | null }[],
): Metric[] {
  const all = mirrors.flatMap(({ service, switches }) =>
    byDatapath(switches).map(([datapath, connections]) => ({ labels: { service, datapath }, connections })),
  );
  const each = (count: Count): Sample[] =>
    all.map(({ labels, connections }) => [labels, sum(connections, count)]);
  const services = (count: (report: MirrorReport) => number): Sample[] =>
    mirrors.map((report) => [{ service: report.service }, count(report)]);
  const shared = (count: keyof ExchangeCounts): Sample[] =>
    mirrors.flatMap(({ service, exchange }): Sample[] => (exchange ? [[{ service }, exchange[count]]] : []));
  return [
    ...holdfast(
      "mirror_up",
      "1 while this node can see what switches say",
      services(({ trouble }) => Number(trouble === null)),
    ),
    ...holdfast(
      "mirror_switches",
      "connections of switches that are copied to a master controller",
      services(({ switches }) => switches.filter(isPresent).length),
    ),
    ...holdfast(
      "mirror_connected",
      "those that have a session at the master controller",
      services(({ switches }) => switches.filter(({ state }) => state === "live").length),
    ),
    ...holdfast(
      "mirror_messages_total",
      "messages of a switch that were seen, by OpenFlow's name of the type",
      all.flatMap(({ labels, connections }) =>
        typesOf(connections).map(([type, count]): Sample => [{ ...labels, type }, count]),
      ),
    ),
    ...holdfast(
      "mirror_bytes_total",
      "bytes of these messages",
      each(({ bytes }) => bytes),
    ),
    ...holdfast(
      "mirror_delivered_total",
      "messages that the master controller's system acknowledged",
      each(({ delivered }) => delivered),
    ),
    ...holdfast(
      "mirror_dropped_total",
      "messages that the master controller did not get",
      each(({ dropped }) => dropped),
    ),
    ...holdfast(
      "mirror_queue_messages",
      "messages that wait for the master controller",
      each(({ queued }) => queued.messages),
    ),
    ...holdfast(
      "mirror_queue_bytes",
      "bytes that wait for the master controller",
      each(({ queued }) => queued.bytes),
    ),
    ...holdfast(
      "mirror_lag_seconds",
      "age of the oldest message that waits",
      each(({ lag }) => lag / 1_000),
    ),
    ...holdfast(
      "mirror_resyncs_total",
      "times that the thread of a switch's messages was lost and found again",
      each(({ resyncs }) => resyncs),
    ),
    ...holdfast(
      "mirror_lost_bytes_total",
      "bytes that belong to no message that was seen",
      each(({ lostBytes }) => lostBytes),
    ),
    ...holdfast(
      "mirror_parted_total",
      "times that the master controller ended, or refused, a session",
      each(({ parted }) => parted),
    ),
    ...holdfast(
      "mirror_refused_total",
      "connections that were too many to be copied",
      services(({ refused }) => refused),
    ),
    ...holdfast(
      "mirror_writes_total",
      "changes that the master controller asked for, which no switch heard of",
      each(({ writes }) => writes),
    ),
    ...holdfast(
      "mirror_unmatched_total",
      "answers of switches to nothing that was open, which nobody got (inline)",
      shared("unmatched"),
    ),
    ...holdfast(
      "mirror_shed_total",
      "requests of the master controller that no switch heard, as it did not read what it had asked for (inline)",
      shared("shed"),
    ),
    ...holdfast(
      "mirror_expired_total",
      "requests of controllers that were not answered in time (inline)",
      shared("expired"),
    ),
    ...holdfast(
      "mirror_audit_dropped_total",
      "messages of controllers that are missing in the audit (inline)",
      mirrors.flatMap(({ service, audit }): Sample[] => (audit ? [[{ service }, audit.dropped]] : [])),
    ),
    ...holdfast(
      "mirror_past_multiplexer",
      "sessions that went past the multiplexer, until their switches connect anew (inline)",
      proxied.flatMap(({ name, past }): Sample[] => (past === null ? [] : [[{ service: name }, past]])),
    ),
  ];
}

/** A switch may have several connections (OpenFlow 1.3.5, 6.3.5). */
function byDatapath(switches: readonly SwitchReport[]): [string, SwitchReport[]][] {
  const found = new Map<string, SwitchReport[]>();
  for (const each of switches)
    if (each.datapath !== null) found.set(each.datapath, [...(found.get(each.datapath) ?? []), each]);
  return [...found];
}

const sum = (connections: readonly SwitchReport[], count: Count): number =>
  connections.reduce((total, each) => total + count(each), 0);

function typesOf(connections: readonly SwitchReport[]): [string, number][] {
  const types = new Set(connections.flatMap((each) => Object.keys(each.types)));
  return [...types].sort().map((type) => [type, sum(connections, (each) => each.types[type] ?? 0)]);
}

import { definePage } from "../../render/template.js";
import type { Cluster } from "../../topology/cluster.js";
import { randomSum } from "../random/random-result.js";
import { type AnyResult, type DrillReport, isMet } from "../report.js";
import { type Limit, limitsOf } from "./limits.js";
import { Markup, nothing } from "./markup.js";
import { randomSection } from "./random-section.js";
import { section } from "./section.js";
import { type SummaryRow, summaryRows } from "./summary-rows.js";
import { large, unmarked } from "./topology-measures.js";
import { topologyPicture } from "./topology-picture.js";
import { vpnPicture } from "./vpn-picture.js";
import { lasted, moment, times } from "./words.js";

interface PageView {
  readonly style: Markup;
  readonly cluster: string;
  readonly pass: boolean;
  readonly verdict: string;
  readonly facts: readonly { readonly name: string; readonly value: string }[];
  readonly versions: readonly { readonly program: string; readonly version: string }[];
  readonly pictures: readonly Markup[];
  readonly services: readonly { readonly name: string; readonly text: string }[];
  readonly live: boolean;
  readonly repeated: boolean;
  /** Whether single drills were run, and not random rounds alone. */
  readonly ran: boolean;
  readonly rows: readonly SummaryRow[];
  readonly sections: readonly Markup[];
  readonly limits: readonly Limit[];
}

const row: SummaryRow = {
  ...{ first: true, anchor: "drill-1", drill: "power-loss", met: "1 of 1", pass: true, figures: 1 },
  ...{
    figure: "virtual IP silent",
    p50: "57 ms",
    p99: "57 ms",
    worst: "57 ms",
    allowed: "85 ms",
    bar: nothing,
  },
};

const sample: PageView = {
  ...{ style: nothing, cluster: "campus", pass: true, verdict: "1 of 1" },
  facts: [{ name: "begun", value: "2026-12-01" }],
  versions: [{ program: "keepalived", version: "2.2.7" }],
  pictures: [nothing],
  services: [{ name: "openflow", text: "10.0.1.100 port 6653" }],
  ...{ live: true, repeated: true, ran: true, rows: [row], sections: [nothing] },
  limits: [{ title: "It is not perfect", text: "Nothing is" }],
};

export const style = definePage("drill/style", {}, () => ({}));

export const page = definePage("drill/report", sample, (report: DrillReport, cluster: Cluster): PageView => {
  const { results, about, random } = report;
  const all = [...results, ...(random?.rounds ?? [])];
  const met = all.filter(({ verdict }) => verdict.pass).length;
  const drills = byDrill(results);
  const live = about.where === "nodes";
  return {
    style: Markup.printed(style.render()),
    cluster: report.cluster,
    pass: isMet(report),
    verdict: `${met} of ${all.length}`,
    facts: factsOf(report, drills.length),
    versions: Object.entries(about.versions).map(([program, version]) => ({ program, version })),
    pictures: picturesOf(cluster),
    services: servicesOf(cluster),
    live,
    repeated: drills.some((runs) => runs.length > 1),
    ran: results.length > 0,
    rows: summaryRows(results),
    sections: [
      ...drills.map((runs, index) => Markup.printed(section.render(cluster, runs, index))),
      ...(random === null ? [] : [Markup.printed(randomSection.render(cluster, random))]),
    ],
    limits: limitsOf(cluster, live),
  };
});

/** In the order in which the drills were first run. */
function byDrill(results: readonly AnyResult[]): AnyResult[][] {
  const names = [...new Set(results.map(({ drill }) => drill))];
  return names.map((name) => results.filter(({ drill }) => drill === name));
}

function factsOf({ results, about, random, unready }: DrillReport, drills: number): PageView["facts"] {
  const { begun, ended, topologyDigest, seed } = about;
  const runs = results.length === drills ? "once each" : `${times(results.length, "run")} in all`;
  return [
    { name: "Begun", value: moment(begun) },
    { name: "Ended", value: moment(ended) },
    { name: "Took", value: lasted(begun, ended) },
    ...(drills === 0 ? [] : [{ name: "Drills", value: `${drills}, ${runs}` }]),
    { name: "Topology", value: `sha256 ${topologyDigest.slice(0, 16)}` },
    ...(seed === null ? [] : [{ name: "Seed", value: String(seed) }]),
    ...(random === null ? [] : [{ name: "Random faults", value: randomSum(random) }]),
    ...(unready === null ? [] : [{ name: "Ended early", value: unready }]),
  ];
}

function picturesOf(cluster: Cluster): Markup[] {
  return [
    ...(cluster.nodes.length > 0 ? [topologyPicture(cluster, unmarked, large)] : []),
    ...(cluster.vpn === null ? [] : [vpnPicture(cluster, unmarked, large)]),
  ];
}

const servicesOf = ({ services, virtualIps }: Cluster): PageView["services"] =>
  services.map(({ name, listen, mode, balance, servers }) => {
    const own = virtualIps.find((each) => each.name === listen.virtualIp);
    const entrance = (own?.addresses ?? []).map(({ address }) => address).join(" and ");
    const text = `${entrance} port ${listen.port}, mode ${mode}, balance ${balance}, ${times(servers.length, "server")}`;
    return { name, text };
  });

import { describe, expect, test } from "vitest";
import { element } from "../../../src/drill/html/markup.js";
import { page } from "../../../src/drill/html/page.js";
import type { DrillReport, DrillResult } from "../../../src/drill/report.js";
import type { Cluster } from "../../../src/topology/cluster.js";
import { campus } from "../campus.js";
import { passed, reportOf, vpnPassed } from "../specimen.js";
import { type Tag, tagsOf } from "./tags.js";

const hostile = [
  `</script><svg onload=alert(1)>`,
  `</style><script>alert(1)</script>`,
  `" onmouseover="alert(1)`,
  `' onmouseover='alert(1)`,
  `--><img src=x onerror=alert(1)>`,
  `]]></text></svg><a href="javascript:alert(1)">`,
  `{{#each results}}{{{this}}}{{/each}}`,
  `&lt;b&gt;\u0000\u001b[31m\ud800`,
];

/** Every word that comes from elsewhere, of nodes, networks, servers, agents and engines, is this one. */
function spoken(words: string): { report: DrillReport; cluster: Cluster } {
  const cluster: Cluster = {
    ...campus,
    name: words,
    networks: campus.networks.map((each) => (each.name === "switches" ? { ...each, name: words } : each)),
    nodes: campus.nodes.map((node, index) => ({
      ...node,
      ...(index === 0 ? { name: words } : {}),
      interfaces: node.interfaces.map((each) =>
        each.network === "switches" ? { ...each, network: words } : each,
      ),
    })),
    virtualIps: campus.virtualIps.map((each) =>
      each.network === "switches" ? { ...each, network: words } : each,
    ),
    services: campus.services.map((service) => ({
      ...{ ...service, name: words },
      servers: service.servers.map((server, index) => (index === 0 ? { ...server, name: words } : server)),
    })),
  };
  const result: DrillResult = {
    ...passed,
    ...{ drill: words, injected: words, at: words },
    verdict: { pass: false, reasons: [words, words] },
    timeline: {
      ...passed.timeline,
      faults: [{ text: words, machine: words, network: words, from: 0, until: 900 }],
      owners: [{ network: words, node: words, from: -900, until: 900 }],
      lanes: passed.timeline.lanes.map((lane) => ({ ...lane, name: words })),
      events: [{ at: 58, node: words, kind: "role", text: words }],
    },
  };
  const vpn = {
    ...{ ...vpnPassed, injected: words, at: words },
    seen: { ...vpnPassed.seen, told: words, late: [words] },
  };
  const own = reportOf(result, vpn);
  const { timeline, verdict } = result;
  const round = {
    drill: words,
    injected: words,
    at: words,
    faults: 1,
    ...{ judged: 1, unjudged: 0 },
    timeline,
    verdict,
  };
  const random = { seed: 7, faults: 1, rounds: [round] };
  const about = { ...own.about, begun: words, ended: words, versions: { [words.slice(0, 60)]: words } };
  return { report: { ...own, cluster: words, about, random }, cluster };
}

/** Machines stand in the order of their names: what there is does not depend on it. */
const sorted = (tags: readonly Tag[]): string[] => tags.map((each) => JSON.stringify(each)).toSorted();

describe("a paper on drills in which every word is hostile", () => {
  const harmless = spoken("harmless");
  const tags = tagsOf(page.render(harmless.report, harmless.cluster));

  test("is known to have tags, and those of a picture among them", () => {
    expect(tags.length).toBeGreaterThan(200);
    expect(tags.map(({ name }) => name)).toContain("circle");
    expect(tags.map(({ name }) => name)).not.toContain("script");
  });

  test.each(hostile)("has the very tags and attributes of a harmless one: %j", (words) => {
    const { report, cluster } = spoken(words);
    expect(sorted(tagsOf(page.render(report, cluster)))).toEqual(sorted(tags));
  });

  test("still says the words", () => {
    const { report, cluster } = spoken("</script><svg onload=alert(1)>");
    expect(page.render(report, cluster)).toContain(
      "<li>&lt;/script&gt;&lt;svg onload&#x3D;alert(1)&gt;</li>",
    );
  });

  test("has nothing of a control character or of half a pair", () => {
    const { report, cluster } = spoken("a\u0000b\u001bc\ud800d");
    const html = element("p", { title: "a\u0000b" }, "c\ud800d").toHTML();
    expect(html).toBe('<p title="a\ufffdb">c\ufffdd</p>');
    expect(page.render(report, cluster)).toContain("a\ufffdb\ufffdc\ufffdd");
  });

  test("asks nobody for anything", () => {
    const { report, cluster } = spoken("https://example.org/");
    const html = page.render(report, cluster);
    expect(html).toContain(`content="default-src 'none'; style-src 'unsafe-inline'; img-src data:"`);
    expect(html).not.toMatch(/(?:src|href)="(?!#|data:,)|url\(|@import/);
  });
});

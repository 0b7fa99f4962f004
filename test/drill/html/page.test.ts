import { describe, expect, test } from "vitest";
import { page } from "../../../src/drill/html/page.js";
import type { AnyResult } from "../../../src/drill/report.js";
import type { Cluster } from "../../../src/topology/cluster.js";
import { two, vpnOf } from "../../topology/vpn-networks.js";
import { campus } from "../campus.js";
import { failedFor, passed, reportOf, vpnPassed } from "../specimen.js";
import { unended } from "./tags.js";

const paper = (results: readonly AnyResult[], cluster: Cluster = campus): string =>
  page.render(reportOf(...results), cluster);

const count = (text: string, part: string): number => text.split(part).length - 1;

describe("a paper on drills", () => {
  const html = paper([passed]);

  test("says of which cluster, when, on which topology and with which programs", () => {
    expect(html).toContain("<h1>campus</h1>");
    expect(html).toContain("2026-11-24 23:59:50 UTC");
    expect(html).toContain("<dt>Took</dt><dd>2 min 10 s</dd>");
    expect(html).toContain("sha256 9f86d081884c7d65<");
    expect(html).toContain("<dt>keepalived</dt><dd>2.2.7</dd>");
    expect(html).not.toContain("Seed");
    expect(page.render({ ...reportOf(passed), about: { ...reportOf().about, seed: 7 } }, campus)).toContain(
      "<dt>Seed</dt><dd>7</dd>",
    );
  });

  test("has lines to sign", () => {
    expect(html).toContain('<table class="signatures">');
    expect(html).toContain("<th>Name</th><th>Date</th><th>Signature</th>");
  });

  test("gives the verdict, and beside each expectation what was seen", () => {
    expect(html).toContain("<strong>1 of 1</strong>");
    expect(html).toContain('<td>at most 85\u00a0ms</td><td class="seen">57\u00a0ms</td>');
    expect(html).not.toContain("FAIL");
  });

  test("says what the drill breaks, and why no more is noticed", () => {
    expect(html).toContain("the active node loses power");
    expect(html).toContain("skew (RFC 9568");
  });

  test("has each element that was begun ended, in its order", () => {
    expect(unended(html)).toEqual([]);
  });

  test("draws the topology once large, and once beside the drill with a cross on what is struck", () => {
    expect(count(html, 'class="topology"')).toBe(1);
    expect(count(html, 'class="topology small"')).toBe(1);
    expect(count(html, 'class="struck"')).toBe(1);
    for (const name of [
      "switches",
      "controllers",
      "lb-a",
      "lb-b",
      "c1",
      "c2",
      "c3",
      "controller-ip  10.0.1.100",
    ])
      expect(html).toContain(`>${name}</text>`);
  });

  test("says what a pair cannot promise", () => {
    expect(html).toContain("Two nodes cannot exclude two owners");
    expect(html).toContain("Sessions of openflow pass through HAProxy");
    expect(html).not.toContain("mode: nat");
  });
});

describe("a drill that failed", () => {
  const seen = { ...passed.seen, serviceOutage: 400 };
  const html = paper([{ ...failedFor("service silent for 400 ms, expected at most 135 ms"), seen }]);

  test("says why, and marks the expectation that was not met, and no other", () => {
    expect(html).toContain("<strong>0 of 1</strong>");
    expect(html).toContain("<li>service silent for 400 ms, expected at most 135 ms</li>");
    expect(count(html, '<tr class="missed">')).toBe(1);
    expect(html).toMatch(/<tr class="missed"><td>no new session greeted for<\/td>/);
  });
});

describe("drills that were repeated", () => {
  const slow = { ...passed, at: "2026-11-25T00:05:00.000Z", seen: { ...passed.seen, serviceOutage: 120 } };
  const html = paper([passed, slow, failedFor("a session never came back"), passed]);

  test("have a section each, with every run in a table", () => {
    expect(count(html, '<section class="drill"')).toBe(1);
    expect(html).toContain("3 of 4 runs met every expectation");
    expect(count(html, '<tr><td class="number">')).toBe(4);
  });

  test("have the figures of all runs", () => {
    expect(html).toContain('<th class="number">p50</th><th class="number">p99</th>');
    expect(html).toContain(
      '<td>service silent</td><td class="number">70\u00a0ms</td><td class="number">120\u00a0ms</td><td class="number">120\u00a0ms</td>',
    );
    expect(paper([passed])).not.toContain("p99");
  });

  test("are drawn where they failed, and where they came closest to a limit", () => {
    expect(count(html, 'class="timeline"')).toBe(2);
    expect(html).toMatch(/Run 3 <span class="because">it failed/);
    expect(html).toMatch(/Run 2 <span class="because">of those that met/);
  });
});

describe("drills of VPN servers", () => {
  const cluster: Cluster = {
    ...{ ...campus, nodes: [], networks: [], virtualIps: [], services: [] },
    vpn: vpnOf(two),
  };
  const html = paper(
    [vpnPassed, { ...vpnPassed, seen: { ...vpnPassed.seen, right: null, told: null } }],
    cluster,
  );

  test("have a table and no timeline", () => {
    expect(html).not.toContain('class="timeline"');
    expect(html).toContain('<td>at most 5\u202f000\u00a0ms</td><td class="seen">2\u202f150\u00a0ms</td>');
    expect(html).toContain("vpn-a has no route to 10.100.200.1");
  });

  test("draw the servers between the Internet and their tunnels", () => {
    for (const name of ["vpn-a", "vpn-b", "Internet"]) expect(html).toContain(`>${name}</text>`);
  });

  test("say nothing of VRRP", () => {
    expect(html).not.toContain("VRRP");
    expect(html).toContain("There is no way around a tunnel");
  });

  test("stand beside those of load balancers where a cluster has both", () => {
    const both = paper([passed, vpnPassed], { ...campus, vpn: vpnOf(two) });
    expect(count(both, '<section class="drill"')).toBe(2);
    expect(count(both, 'class="topology"')).toBe(2);
  });
});

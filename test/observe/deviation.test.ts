import { describe, expect, test } from "vitest";
import { routingDeviations, ruleDeviation } from "../../src/observe/kernel-deviation.js";
import { poolDeviations } from "../../src/observe/pool-deviation.js";

describe("rules", () => {
  const table = (lines: readonly string[]) => ["*nat", ...lines, "COMMIT", ""].join("\n");
  const rendered = table([
    ":HOLDFAST-PREROUTING - [0:0]",
    ":HOLDFAST-openflow - [0:0]",
    "-I PREROUTING -j HOLDFAST-PREROUTING",
    "-A HOLDFAST-PREROUTING -d 10.0.1.100/32 -j HOLDFAST-openflow",
    "-A HOLDFAST-openflow -j DNAT --to-destination 10.0.2.11:6653",
  ]);

  test("a nat service's chain follows its servers' health: that is no drift, and never part of a diff", () => {
    const spread = rendered.replace("10.0.2.11", "10.0.2.12");
    expect(ruleDeviation(4, rendered, spread)).toBeNull();
    const more = spread.replace("COMMIT", "-A HOLDFAST-PREROUTING -j ACCEPT\nCOMMIT");
    expect(ruleDeviation(4, rendered, more)?.diff).toBe(
      [
        "--- generation",
        "+++ kernel",
        "@@ -2,4 +2,5 @@",
        " -A PREROUTING -j HOLDFAST-PREROUTING",
        " :HOLDFAST-PREROUTING",
        " -A HOLDFAST-PREROUTING -d 10.0.1.100/32 -j HOLDFAST-openflow",
        "+-A HOLDFAST-PREROUTING -j ACCEPT",
        " :HOLDFAST-openflow",
        "",
      ].join("\n"),
    );
  });

  test("but one that somebody emptied is", () => {
    const empty = rendered.replace(/^-A HOLDFAST-openflow.*\n/m, "");
    const deviation = ruleDeviation(4, rendered, empty);
    expect(deviation?.sentence).toBe("the kernel lacks 1 rule (IPv4)");
    expect(deviation?.diff).toContain("\n--A HOLDFAST-openflow -j DNAT --to-destination 10.0.2.11:6653\n");
  });

  test("rules in another order are drift", () => {
    const chain = (...rules: string[]) =>
      table([":HOLDFAST-POSTROUTING - [0:0]", ...rules.map((rule) => `-A HOLDFAST-POSTROUTING ${rule}`)]);
    expect(ruleDeviation(6, chain("-j RETURN", "-j ACCEPT"), chain("-j ACCEPT", "-j RETURN"))).toMatchObject({
      what: "IPv6",
      diff: expect.stringContaining("+-A HOLDFAST-POSTROUTING -j RETURN"),
    });
  });
});

test("a route that goes another way is one item with both ways", () => {
  const to = (via: string) => ({
    routes: [{ destination: "192.168.10.0/24", via, device: "eth1" }],
    links: [{ device: "eth1", mtu: 9000 }],
    wayBack: [4 as const],
  });
  const kernel = {
    ...to("10.0.1.7"),
    links: [
      { device: "eth1", mtu: 1500 },
      { device: "eth9", mtu: 1500 },
    ],
  };
  expect(routingDeviations(to("10.0.1.1"), kernel)).toEqual([
    {
      kind: "route",
      what: "192.168.10.0/24",
      diff: "--- generation\n+++ kernel\n@@ -1,1 +1,1 @@\n-192.168.10.0/24 via 10.0.1.1 dev eth1\n+192.168.10.0/24 via 10.0.1.7 dev eth1\n",
      sentence:
        "the kernel lacks the route 192.168.10.0/24 via 10.0.1.1 dev eth1, and the kernel has a route that nobody rendered: 192.168.10.0/24 via 10.0.1.7 dev eth1",
    },
    expect.objectContaining({ what: "eth1", sentence: "eth1 has an MTU of 1500 instead of 9000" }),
  ]);
});

describe("HAProxy's servers", () => {
  const cfg = "backend openflow\n    server c1 10.0.2.11:6653 id 7 weight 2 check inter 1s\n";
  const answer = (rows: readonly string[]) =>
    [
      "1",
      "# be_id be_name srv_id srv_name srv_addr srv_op_state srv_admin_state srv_uweight srv_check_state srv_port",
      ...rows,
      "",
      "# pxname,svname,scur,status,bck",
      "openflow,c1,4,UP,0",
      "openflow,c9,4,DRAIN,0",
      "",
    ].join("\n");
  const c1 = "3 openflow 7 c1 10.0.2.11 2 0 2 6 6653";

  test("one that waits for its sessions to end is no drift", () => {
    expect(poolDeviations(cfg, answer([c1, "3 openflow 9 c9 10.0.2.19 2 8 1 6 6653"]))).toEqual([]);
  });

  test("another weight and a server that nobody rendered are, a backend an item", () => {
    const rows = [c1.replace(" 2 6 6653", " 5 6 6653"), "3 openflow 9 c9 10.0.2.19 2 0 1 6 6653"];
    expect(poolDeviations(cfg, answer(rows))).toEqual([
      {
        kind: "pool",
        what: "openflow",
        diff: [
          "--- generation",
          "+++ haproxy",
          "@@ -1,2 +1,3 @@",
          " backend openflow",
          "-    server c1 10.0.2.11:6653 id 7 weight 2 ready",
          "+    server c1 10.0.2.11:6653 id 7 weight 5 ready",
          "+    server c9 10.0.2.19:6653 id 9 weight 1 ready",
          "",
        ].join("\n"),
        sentence: expect.stringContaining("HAProxy has the server openflow/c9, which nobody rendered"),
      },
    ]);
  });
});

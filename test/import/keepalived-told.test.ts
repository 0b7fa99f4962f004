import { describe, expect, test } from "vitest";
import { importPair } from "../../src/import/import.js";

/** A node's file: each instance by its name, device and lines. */
const node = (instances: Readonly<Record<string, readonly string[]>>, more = ""): string =>
  `global_defs {\nvrrp_version 3\n}\n${Object.entries(instances)
    .map(
      ([name, lines], index) =>
        `vrrp_instance ${name} {\ninterface eth${index + 1}\nvirtual_router_id ${51 + index}\nvirtual_ipaddress {\n10.0.${index + 1}.100/24\n}\n${lines.join("\n")}\n}\n`,
    )
    .join("")}${more}`;

function imported(files: readonly string[], addresses: readonly string[] = []) {
  const names = ["a", "b", "c"];
  return importPair({
    keepalived: files.map((text, index) => ({ file: `${names[index]}.conf`, text })),
    addresses: addresses.map((text, index) => ({ file: `${names[index]}.addr`, text })),
    ...{ haproxy: null, iptables: [] },
  });
}

const looks = ({ findings }: ReturnType<typeof imported>): string[] =>
  findings.filter(({ kind }) => kind === "look").map(({ file, what, why }) => `${file} ${what}: ${why}`);

const group = "vrrp_sync_group g {\ngroup { A B }\n}\n";

describe("instances that moved apart from each other", () => {
  const apart = (more: string) =>
    imported([
      node({ A: ["priority 150"], B: ["priority 90"] }, more),
      node({ A: ["priority 100"], B: ["priority 200"] }, more),
    ]);

  test("one that prefers another node is told, with both nodes", () => {
    expect(looks(apart(group)).join("\n")).toContain(
      "a.conf vrrp_instance B: it prefers lb-b, and A prefers lb-a: here one node is active for all",
    );
  });

  test("without a sync group it is told that all move together, and with one for all it is not", () => {
    const told = "no vrrp_sync_group holds all of them";
    expect(looks(apart("")).join("\n")).toContain(`a.conf vrrp_instances A, B: ${told}`);
    expect(looks(apart("vrrp_sync_group g {\ngroup {\nA\n}\n}\n")).join("\n")).toContain(told);
    expect(looks(apart(group)).join("\n")).not.toContain(told);
  });

  test("nothing of the kind is told of a pair that agrees, or has one instance", () => {
    const agreed = imported([
      node({ A: ["priority 150"], B: ["priority 150"] }, group),
      node({ A: ["priority 100"], B: ["priority 100"] }, group),
    ]);
    const single = imported([node({ A: ["priority 150"] }), node({ A: ["priority 100"] })]);
    for (const result of [agreed, single]) expect(looks(result).join("\n")).not.toMatch(/prefers|sync_group/);
  });

  test("an instance that only one of the nodes has is told, whichever it is", () => {
    const both = node({ A: ["priority 150"], B: [] }, group);
    const one = node({ A: ["priority 100"] });
    expect(looks(imported([both, one])).join("\n")).toContain(
      "a.conf vrrp_instance B: b.conf has none like it",
    );
    expect(looks(imported([one.replace("100", "200"), both])).join("\n")).toContain(
      "b.conf vrrp_instance B: a.conf has none like it",
    );
  });
});

describe("settings that contradict each other", () => {
  test("nopreempt on one instance only", () => {
    const result = imported([
      node({ A: ["priority 150", "nopreempt"], B: ["priority 150"] }, group),
      node({ A: ["priority 100", "nopreempt"], B: ["priority 100"] }, group),
    ]);
    expect(looks(result).join("\n")).toContain("a.conf vrrp_instance A has nopreempt: others have not");
    expect(result.topology).toContain("preempt: true");
  });

  test("nopreempt on all of them is carried over without a word", () => {
    const result = imported([
      node({ A: ["priority 150", "nopreempt"] }),
      node({ A: ["priority 100", "nopreempt"] }),
    ]);
    expect(looks(result).join("\n")).not.toContain("preempt");
    expect(result.topology).toContain("preempt: false");
  });

  test.each(["state MASTER", "priority 255"])("nopreempt, which keepalived does not heed with %s", (line) => {
    const result = imported([node({ A: [line, "nopreempt"] })]);
    expect(looks(result).join("\n")).toContain(`a.conf nopreempt: keepalived does not heed it with ${line}`);
    expect(result.topology).toContain("preempt: true");
  });

  test("delays and missed adverts that differ", () => {
    const told = looks(
      imported([
        node({ A: ["priority 150", "preempt_delay 30", "down_timer_adverts 5"] }),
        node({ A: ["priority 100", "preempt_delay 60"] }),
      ]),
    ).join("\n");
    expect(told).toContain("b.conf preempt_delay 60: ");
    expect(told).toContain("b.conf down_timer_adverts 3: ");
  });

  test("a next hop that only the other file has", () => {
    const route = (via: string): string => `static_routes {\n10.9.0.0/16 via ${via}\n}\n`;
    const result = imported([node({ A: [] }, route("10.0.1.1")), node({ A: [] }, route("10.0.1.9"))]);
    expect(result.topology).toContain("via: 10.0.1.1 ");
    expect(looks(result).join("\n")).toContain("b.conf 10.9.0.0/16 via 10.0.1.9: ");
  });
});

describe("no line of a keepalived file vanishes", () => {
  test.each([
    ...["garp_master_delay 5", "dont_track_primary", "strict_mode on", "frobnicate 1"],
    ...[
      "priority 300",
      "state BACKUpriority",
      "advert_int soon",
      "virtual_router_id 999",
      "unicast_src_ip x",
    ],
  ])("instance: %s", (line) => {
    const { findings } = imported([node({ A: [line] })]);
    expect(findings.some(({ what }) => what === line || what === line.split(" ")[0])).toBe(true);
  });

  test.each(["track_script {\nx\n}", "global_tracking", "frobnicate 1", "track_interface {\neth9\n}"])(
    "sync group: %s",
    (lines) => {
      const { findings } = imported([node({ A: [] }, `vrrp_sync_group g {\ngroup { A }\n${lines}\n}\n`)]);
      expect(findings.some(({ what }) => lines.startsWith(what))).toBe(true);
    },
  );

  test("an address that keepalived gave the node itself", () => {
    const { findings } = imported([node({ A: [] }, "static_ipaddress {\n10.0.1.2/24 dev eth1\n}\n")]);
    expect(findings).toContainEqual(
      expect.objectContaining({ kind: "lost", what: "static_ipaddress 10.0.1.2/24 dev eth1" }),
    );
  });

  test.each(["brd 10.0.1.255", "preferred_lft 60", "label eth1:1"])("behind a virtual IP: %s", (words) => {
    const { findings } = imported([node({ A: [] }).replace("10.0.1.100/24", `10.0.1.100/24 ${words}`)]);
    expect(findings).toContainEqual(expect.objectContaining({ kind: "lost", what: words }));
  });

  test("an address that another instance has already", () => {
    const { findings, topology } = imported([
      node({ A: [], B: ["virtual_ipaddress_excluded {\n10.0.1.100/24\n}"] }),
    ]);
    expect(findings).toContainEqual(
      expect.objectContaining({
        kind: "lost",
        what: "10.0.1.100",
        why: expect.stringContaining("vrrp_instance A"),
      }),
    );
    expect(topology?.match(/10\.0\.1\.100/g)).toHaveLength(1);
  });

  test("what stands behind a peer", () => {
    const { findings } = imported([node({ A: ["unicast_peer {\n10.0.1.3 min_ttl 254\n}"] })]);
    expect(findings).toContainEqual(expect.objectContaining({ kind: "lost", what: "min_ttl 254" }));
  });
});

import { expect, test } from "vitest";
import type { NodePreflight } from "../../src/api/preflight.js";
import type { Asked } from "../../src/preflight/asked.js";
import { compared } from "../../src/preflight/compare.js";
import { worstOf } from "../../src/preflight/finding.js";
import { preflightText } from "../../src/preflight/preflight-text.js";
import { subject } from "./subject.js";

const { cluster } = subject("pair");
const report = (node: string, own: Partial<NodePreflight> = {}): Asked => ({
  ...{ node, sent: 0, got: 5_000 },
  report: {
    ...{ node, program: "0.1.0", active: false, received: 0, answered: 5_000, mtus: { switches: 1500 } },
    ...{
      versions: { keepalived: "2.2.7" },
      adverts: [],
      beats: [],
      macs: [],
      claims: [],
      findings: [],
      ...own,
    },
  },
});
const told = (...asked: Asked[]) =>
  compared(cluster, "lb-a", asked)
    .filter(({ status }) => status !== "ok")
    .map(({ node, check, status, text }) => `${node} ${check} ${status} ${text}`);

test("like nodes have nothing to tell of each other", () => {
  expect(told(report("lb-a", { active: true }), report("lb-b"))).toEqual([]);
});

test("before anybody is active, what only that node sees is unknown", () => {
  expect(told(report("lb-a"), report("lb-b"))).toEqual([
    "lb-a neighbours unknown no node holds the virtual IPs: what neighbours send through them cannot be seen",
  ]);
});

test("a beat that is missing on one network is a warning, on all an error, and of a topology that does not run unknown", () => {
  const beats = (...heard: boolean[]) =>
    ["switches", "controllers"].map((network, index) => ({
      network,
      peer: "lb-b",
      heard: heard[index] ?? false,
    }));
  const words = (own: NodePreflight["beats"]): string[] =>
    told(report("lb-a", { active: true, beats: own }), report("lb-b")).map((one) => one.slice(0, 60));
  expect(words(beats(true, true))).toEqual([]);
  expect(words(beats(true, false))).toEqual(["lb-a agents warning no beat of lb-b arrives on controllers"]);
  expect(words(beats(false, false))).toEqual([
    expect.stringMatching(/^lb-a agents error no beat of lb-b arrives on switches, nor/),
    expect.stringMatching(/^lb-a agents error no beat of lb-b arrives on controllers/),
  ]);
  expect(words(null)).toEqual([
    expect.stringMatching(/^lb-a agents unknown agents beat \(UDP port \d+\) once/),
  ]);
  // One that is dead has its own finding, and a node or network that is not of the topology none.
  expect(told(report("lb-a", { active: true, beats: beats() }), { node: "lb-b", why: "gone" })).toHaveLength(
    1,
  );
  // A machine that came into the place of a lost one does not beat before it has a topology.
  expect(told(report("lb-a", { active: true, beats: beats() }), report("lb-b", { beats: null }))).toEqual([
    expect.stringMatching(/^lb-b agents unknown agents beat/),
  ]);
  const foreign = [{ network: "gone", peer: "lb-b", heard: false }];
  expect(words(foreign)).toEqual([]);
  const nobody = [report("lb-a", { active: true, beats: null }), report("lb-b", { beats: null })];
  expect(told(...nobody)).toHaveLength(1);
});

test("what differs is told of the other node, against the first", () => {
  const other = {
    ...{ program: "0.2.0", mtus: { switches: 1400 }, versions: { keepalived: "2.3.1" } },
    ...{ received: -3_000, answered: 2_000 },
  };
  expect(told(report("lb-a", { active: true }), report("lb-b", other))).toEqual([
    "lb-b agents error it runs holdfast 0.2.0, lb-a 0.1.0: nodes of different versions take no change",
    expect.stringMatching(/^lb-b clock warning 3\.000 s behind lb-a/),
    "lb-b engines warning keepalived 2.3.1 here, 2.2.7 on lb-a",
    "lb-b devices error the MTU is 1400 here and 1500 on lb-a: whole packets of one are lost on the way to the other",
  ]);
});

test("a node that does not answer is an error, and that nothing comes from it is none", () => {
  const advert = { network: "switches", device: "eth1", peer: "lb-b", own: "10.0.1.2", address: "10.0.1.3" };
  const adverts = [{ ...advert, received: 0, seen: 0, refused: null }];
  const own = report("lb-a", { active: true, adverts });
  expect(told(own, { node: "lb-b", why: "connection refused" })).toEqual([
    "lb-b agents error its agent did not answer lb-a: connection refused",
    "lb-a protocol-112 unknown lb-b sent nothing: its agent did not take part",
  ]);
  expect(told(own, report("lb-b"))[0]).toMatch(/^lb-a protocol-112 error/);
});

test("the table has a cell a node and check, and below it what is not fine, gravest first, without control characters", () => {
  const finding = { node: "lb-b", check: "ports" as const, place: "services", cure: "stop it" };
  const findings = [
    { node: "lb-a", check: "path" as const, status: "ok" as const, place: "", text: "", cure: null },
    { ...finding, status: "warning" as const, text: "second" },
    { ...finding, status: "error" as const, text: "first\u001b[2J" },
  ];
  const document = {
    ...{ cluster: "campus", asked: "lb-a", verdict: worstOf(findings) ?? "ok", findings },
    nodes: ["lb-a", "lb-b"].map((node) => ({ node, active: false, answered: true })),
  };
  const text = preflightText(document, (_style, words) => words);
  expect(text).toMatch(/^ {2}ports +- +error$/m);
  expect(text).toMatch(/^ {2}path +ok +-$/m);
  expect(text.split("\n").slice(-6)).toEqual([
    "error  lb-b  ports  services: first?[2J",
    "  cure: stop it",
    "warning  lb-b  ports  services: second",
    "  cure: stop it",
    "campus: 1 error, 1 warning",
    "",
  ]);
});

import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { elsewhere } from "../../src/api/api-error.js";
import { memberHandlers } from "../../src/fleet/member-handlers.js";
import { officeHandlers } from "../../src/fleet/office-handlers.js";
import { RemoteMember } from "../../src/fleet/remote-member.js";
import type { Cluster as Topology } from "../../src/topology/cluster.js";
import { loadTopology } from "../../src/topology/load.js";
import { Cluster } from "../agent/server/cluster.js";
import { handlersWith } from "../agent/server/handlers.js";
import { FleetInMemory, grown, pairText, slower, threeText } from "./fleet-in-memory.js";

/** lb-a's agent, its API and certificates are real; lb-b reaches it through them. */
let campus: Cluster;
let fleet: FleetInMemory;
/** The topology that runs on lb-a. */
let runs: Topology | null;

beforeEach(async () => {
  fleet = await FleetInMemory.running(pairText, "lb-a", "lb-b");
  runs = fleet.cluster;
  campus = await new Cluster().start({
    handlers: handlersWith({
      ...memberHandlers(fleet.member("lb-a"), () => runs),
      ...officeHandlers(fleet.office("lb-a")),
      node: () => ({ ...fleet.node("lb-a").standing }),
    }),
  });
  const client = campus.client(await campus.issue("lb-b", "node"));
  fleet.remote.set("lb-a", new RemoteMember("lb-a", client));
});

afterEach(() => campus.stop());

describe("a change that is coordinated over the network", () => {
  test("is kept on both nodes, and told to those who follow", async () => {
    const { digest } = await fleet.office("lb-b").plan(grown(pairText), []);
    const { outcome, said } = await fleet.apply({ topology: grown(pairText), plan: digest }, "lb-b");
    expect(outcome.outcome).toBe("kept");
    expect(said.slice(2)).toEqual(["committed lb-b", "healthy lb-b", "committed lb-a", "answers lb-a"]);
    expect(await fleet.numbers()).toEqual([2, 2]);
  });

  test("has the same plan as one that is coordinated at the other end", async () => {
    const [near, far] = await Promise.all([
      fleet.office("lb-b").plan(slower(pairText), []),
      fleet.office("lb-a").plan(slower(pairText), []),
    ]);
    expect(far).toEqual(near);
  });

  test("is refused in the engine's own words", async () => {
    fleet.node("lb-a").host.refused = "10.0.2.19";
    const begun = await fleet.begin({ topology: grown(pairText) }, "lb-b");
    const words: string[] = [];
    for await (const { data } of fleet.office("lb-b").progress(begun.id))
      if (data.kind === "refused") words.push(data.refusals[0]?.words ?? "");
    expect(words.join()).toMatch(/unknown keyword/);
  });

  test("tells why a node went back", async () => {
    fleet.node("lb-a").host.deaf.add("keepalived");
    const begun = await fleet.begin({ topology: slower(pairText) }, "lb-b");
    const why: string[] = [];
    for await (const { data } of fleet.office("lb-b").progress(begun.id))
      if (data.kind === "failed") why.push(data.why);
    expect(why.join()).toMatch(/lb-a: keepalived[\s\S]*lb-a is as it was before/);
    expect(await fleet.numbers()).toEqual([1, 1]);
  });

  test("is left to another coordinator by a node that its peers do not know yet, and changes nothing", async () => {
    const before = fleet.states();
    fleet.cluster = null;
    runs = loadTopology(threeText.replaceAll("lb-b", "lb-z")).cluster;
    const body = { topology: grown(pairText), message: "", plan: null, without: [], confirm_timeout: null };
    const rest = {
      caller: { kind: "root" },
      params: {},
      query: {},
      signal: new AbortController().signal,
    } as const;
    const { plan, apply } = officeHandlers(fleet.office("lb-b"));
    for (const asked of [plan, apply] as const)
      await expect(asked({ ...rest, body })).rejects.toMatchObject({
        status: 409,
        details: elsewhere,
        message: expect.stringMatching(
          /lb-b is no node of .* on lb-a: ask the agent of lb-a or lb-z or lb-c/,
        ),
      });
    expect(fleet.states()).toEqual(before);
  });

  test("names the node, its address and the reason within five seconds when nobody is there", async () => {
    await campus.api.close();
    const began = performance.now();
    await expect(fleet.begin({ topology: grown(pairText) }, "lb-b")).rejects.toThrow(
      /lb-a is out of reach: 127\.0\.0\.1:\d+: nobody listens there\nNothing was changed anywhere/,
    );
    expect(performance.now() - began).toBeLessThan(5_000);
  });
});

describe("an operator who asks an agent", () => {
  test("applies, follows, confirms and rolls back", async () => {
    const anna = campus.client(await campus.issue("anna", "operator"));
    const body = { topology: grown(pairText), message: "add c9", confirm_timeout: 60_000 };
    fleet.remote.clear();
    const { id, leads_to } = await anna.call("apply", { body });
    const kinds: string[] = [];
    for await (const { kind } of anna.events("progress", { params: { id } })) kinds.push(kind);
    expect([leads_to, kinds.at(-1)]).toEqual([2, "ended"]);
    expect(await anna.call("confirm", {})).toMatchObject({ nodes: ["lb-a", "lb-b"], silent: [] });
    expect(await anna.call("rollback", { body: { generation: 1 } })).toMatchObject({ leads_to: 3 });
    expect(fleet.told).toContain("apply: generation 2 was confirmed by anna");
  });

  test("hears what is wrong with a topology", async () => {
    const anna = campus.client(await campus.issue("anna", "operator"));
    fleet.remote.clear();
    const body = { topology: pairText.replace("10.0.1.3", "10.0.5.3") };
    await expect(anna.call("plan", { body })).rejects.toThrow(/lb-a: 19:\d+ nodes\[1\]/);
  });

  test("sees a planned move carried out by the peer", async () => {
    fleet.node("lb-b").standing = { ...fleet.node("lb-b").standing, role: "active" };
    fleet.node("lb-a").standing = { ...fleet.node("lb-a").standing, role: "standby" };
    const answer = await fleet.office("lb-b").switchover({ to: null, force: false }, "anna");
    expect(answer).toMatchObject({ from: "lb-b", to: "lb-a", gap: 4 });
    expect(fleet.node("lb-a").moved).toEqual(["take over from lb-b"]);
  });
});

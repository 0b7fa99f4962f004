import { beforeEach, describe, expect, test } from "vitest";
import type { Caller } from "../../src/agent/server/caller.js";
import { peerRoutes } from "../../src/api/peer-routes.js";
import type { Proposal, Word } from "../../src/deploy/transaction.js";
import { memberHandlers } from "../../src/fleet/member-handlers.js";
import { FleetInMemory, pairText, slower, threeText } from "./fleet-in-memory.js";

let fleet: FleetInMemory;

beforeEach(async () => {
  fleet = await FleetInMemory.running(pairText, "lb-a", "lb-b");
});

const node = (name: string): Caller => ({
  kind: "holder",
  identity: { cluster: "campus", role: "node", name },
});

/** lb-b, as whoever shows such a certificate can ask it. */
function askedBy(caller: Caller, at = "lb-b") {
  const handlers = memberHandlers(fleet.member(at), () => fleet.cluster);
  const rest = { caller, params: {}, query: {}, signal: new AbortController().signal };
  return {
    prepare: async (proposal: Proposal, topology: string) =>
      handlers.peerPrepare({ ...rest, body: { proposal, topology } }),
    commit: async (id: string) => handlers.peerCommit({ ...rest, body: { id } }),
    gate: async (id: string, last: boolean) => handlers.peerGate({ ...rest, body: { id, last } }),
    trial: async (id: string) => handlers.peerTrial({ ...rest, body: { id } }),
    hear: async (id: string, words: Word[]) => handlers.peerHear({ ...rest, body: { id, words } }),
    record: async () => handlers.peerRecord({ ...rest, body: {} }),
    kept: async () => handlers.peerGeneration({ ...rest, body: {} }),
    meet: async () => handlers.peerMaintenance({ ...rest, body: { notes: {} } }),
    takeOver: async () => handlers.peerTakeOver({ ...rest, body: { from: "lb-a", aside: [], by: "anna" } }),
    yieldFor: async () => handlers.yield({ ...rest, body: { milliseconds: 1_000 } }),
  };
}

async function proposed(changed: Partial<Proposal> = {}, topology = slower(pairText)) {
  const { digest } = await fleet.node("lb-b").render(topology);
  const proposal: Proposal = {
    id: "the change",
    coordinator: "lb-a",
    participants: ["lb-a", "lb-b"],
    without: [],
    generation: { number: 2, digest },
    plans: null,
    author: "anna",
    message: "",
    confirmTimeout: null,
    patience: 3_000,
    ...changed,
  };
  return [proposal, topology] as const;
}

const phase = async () => (await fleet.member("lb-b").record())?.phase;

describe("a change is prepared", () => {
  test("for the node that coordinates it", async () => {
    await askedBy(node("lb-a")).prepare(...(await proposed()));
    expect(await phase()).toBe("prepared");
  });

  test("for root of the node itself, who can read its key", async () => {
    await askedBy({ kind: "root" }).prepare(...(await proposed()));
    expect(await phase()).toBe("prepared");
  });

  test("on a node without a topology, and on one that is added, whoever of the cluster coordinates it", async () => {
    fleet = await FleetInMemory.of("lb-a", "lb-b", "lb-c");
    const participants = ["lb-a", "lb-b", "lb-c"];
    const change = await proposed({ participants }, threeText);
    await askedBy(node("lb-a"), "lb-c").prepare(...change);
    expect((await fleet.member("lb-c").record())?.phase).toBe("prepared");
  });

  test.each([
    ["in another node's name", "lb-z", {}, /lb-z may not propose a change that lb-a coordinates/],
    ["by a node that takes no part in it", "lb-a", { participants: ["lb-b"] }, /lb-a takes no part/],
    ["on a node that takes no part in it", "lb-a", { participants: ["lb-a"] }, /lb-b takes no part/],
    [
      "by a node that the topology does not name, or not any more",
      "lb-z",
      { coordinator: "lb-z", participants: ["lb-b", "lb-z"] },
      /lb-z is no node of the topology that runs on lb-b: ask the agent of lb-a or lb-b/,
    ],
  ])("not %s", async (_what, asker, changed, why) => {
    await expect(askedBy(node(asker)).prepare(...(await proposed(changed)))).rejects.toThrow(why);
    expect(await phase()).toBe("kept");
  });

  test("not under a number that leaves none for the changes after it", async () => {
    const [proposal, topology] = await proposed();
    const generation = { ...proposal.generation, number: Number.MAX_SAFE_INTEGER - 1 };
    const { body } = peerRoutes.peerPrepare;
    expect(body.safeParse({ proposal, topology }).success).toBe(true);
    expect(body.safeParse({ proposal: { ...proposal, generation }, topology }).success).toBe(false);
  });
});

describe("a change goes on", () => {
  beforeEach(async () => {
    await askedBy(node("lb-a")).prepare(...(await proposed()));
  });

  test("for its coordinator alone", async () => {
    for (const name of ["lb-b", "lb-z"]) {
      const peer = askedBy(node(name));
      for (const step of [peer.commit("the change"), peer.gate("the change", true), peer.trial("the change")])
        await expect(step).rejects.toThrow(`lb-a coordinates this change, not ${name}`);
    }
    await askedBy(node("lb-a")).commit("the change");
    await askedBy(node("lb-a")).gate("the change", true);
    expect(await phase()).toBe("ready");
  });

  test("by the words of those who take part, on those who take part", async () => {
    const kept = (name: string): Word[] => [{ node: name, phase: "kept" }];
    for (const [teller, of] of [
      ["lb-z", "lb-a"],
      ["lb-a", "lb-z"],
    ] as const)
      await expect(askedBy(node(teller)).hear("the change", kept(of))).rejects.toThrow(
        "lb-z takes no part in this change",
      );
    await askedBy(node("lb-a")).commit("the change");
    await askedBy(node("lb-a")).hear("the change", kept("lb-a"));
    expect(await phase()).toBe("kept");
  });
});

test("a node that was removed can still ask what became of its last change, and what is kept", async () => {
  const peer = askedBy(node("lb-z"));
  expect(await peer.record()).toMatchObject({ phase: "kept" });
  expect(await peer.hear("its last change", [{ node: "lb-z", phase: "ready" }])).toMatchObject({
    phase: "kept",
  });
  expect(await peer.kept()).toMatchObject({ entry: { number: 1 } });
});

test("only nodes of the topology move virtual IPs, or say who is out of service", async () => {
  for (const ask of ["meet", "takeOver", "yieldFor"] as const) {
    await expect(askedBy(node("lb-z"))[ask]()).rejects.toThrow("lb-z is no node of the topology");
    await askedBy(node("lb-a"))[ask]();
  }
});

import { describe, expect, test } from "vitest";
import { elsewhere } from "../../src/api/api-error.js";
import { planText } from "../../src/cli/plan-text.js";
import { generationPaths } from "../../src/deploy/generation.js";
import { readGeneration, readHistory } from "../../src/deploy/history.js";
import { observeDrift } from "../../src/observe/drift.js";
import { FleetInMemory, grown, pairText, slower, threeText } from "./fleet-in-memory.js";

const pair = () => FleetInMemory.running(pairText, "lb-a", "lb-b");
const three = () => FleetInMemory.running(threeText, "lb-a", "lb-b", "lb-c");

/** What an operator asks for who goes back. */
const back = (generation: number | null, message = "") => ({
  ...{ generation, message, without: [] as string[], confirmTimeout: null as number | null },
});

describe("an apply", () => {
  test("prepares all nodes, commits the standby and looks at it before the active one, and asks through the virtual IP last", async () => {
    const fleet = await pair();
    const { outcome, said } = await fleet.apply({ topology: grown(pairText), message: "add c9" });
    expect(said.slice(0, 2).sort()).toEqual(["prepared lb-a", "prepared lb-b"]);
    expect(said.slice(2)).toEqual(["committed lb-b", "healthy lb-b", "committed lb-a", "answers lb-a"]);
    expect(outcome).toMatchObject({
      outcome: "kept",
      generation: { number: 2 },
      nodes: ["lb-a", "lb-b"],
      trouble: [],
    });
    expect(await fleet.numbers()).toEqual([2, 2]);
    expect(fleet.told.at(-1)).toBe("apply: generation 2 of anna (add c9) runs on lb-a and lb-b");
  });

  test("of a topology that names a node less leaves that one alone, and says so", async () => {
    const fleet = await three();
    const { outcome } = await fleet.apply({ topology: pairText });
    expect(outcome).toMatchObject({ outcome: "kept", nodes: ["lb-a", "lb-b"] });
    expect(outcome.trouble).toEqual([
      "lb-c is no part of the topology any more and was left as it is: switch it off, and end its certificate with 'holdfast pki revoke lb-c' and 'holdfast pki publish'",
    ]);
    expect(await fleet.numbers()).toEqual([2, 2, 1]);
  });

  test("may be asked of any node", async () => {
    const fleet = await pair();
    const { outcome } = await fleet.apply({ topology: grown(pairText) }, "lb-b");
    expect(outcome.outcome).toBe("kept");
    expect(await fleet.numbers()).toEqual([2, 2]);
  });

  test("that would change nothing ends at once, and makes no generation", async () => {
    const fleet = await pair();
    const { outcome, said } = await fleet.apply({ topology: `${pairText}\n# a remark\n` });
    expect([said, outcome.outcome, outcome.generation?.number]).toEqual([[], "unchanged", 1]);
  });

  test.each(["lb-a", "lb-b"])("that the engines of %s refuse changes nothing on any node", async (node) => {
    const fleet = await pair();
    const before = fleet.states();
    fleet.node(node).host.refused = "10.0.2.19";
    const { outcome, said } = await fleet.apply({ topology: grown(pairText) });
    expect(said).toContain(`refused ${node}`);
    expect(outcome).toMatchObject({ outcome: "undone", generation: { number: 1 } });
    expect(fleet.states()).toEqual(before);
  });

  test.each(["lb-a", "lb-b"])("that %s cannot even begin ends with nothing changed", async (node) => {
    const fleet = await pair();
    const before = fleet.states();
    fleet.member(node).prepare = async () => {
      throw new Error(`${node}: another holdfast command is at work there`);
    };
    const { outcome, said } = await fleet.apply({ topology: grown(pairText) });
    expect(said).toContain(`failed ${node}`);
    expect(outcome.outcome).toBe("undone");
    expect(fleet.states()).toEqual(before);
  });

  test.each(["lb-a", "lb-b"])("that %s cannot carry out is put back wherever it was", async (node) => {
    const fleet = await pair();
    const before = fleet.states();
    fleet.node(node).host.deaf.add("keepalived");
    const { outcome, said } = await fleet.apply({ topology: slower(pairText) });
    expect(said).toContain(`failed ${node}`);
    expect(outcome.outcome).toBe("undone");
    expect(fleet.states()).toEqual(before);
  });

  test("that is faster to notice a loss commits the active node first", async () => {
    const fleet = await FleetInMemory.running(slower(pairText), "lb-a", "lb-b");
    const { said } = await fleet.apply({ topology: pairText });
    expect(said.filter((line) => line.startsWith("committed"))).toEqual(["committed lb-a", "committed lb-b"]);
  });

  test("after which a node is less healthy than before is put back on all", async () => {
    const fleet = await three();
    const before = fleet.states();
    fleet.node("lb-b").sick = "haproxy-gone";
    const { outcome, said } = await fleet.apply({ topology: grown(threeText) });
    expect(said).toContain("failed lb-b");
    expect(said.filter((line) => line.startsWith("restored")).sort()).toEqual([
      "restored lb-b",
      "restored lb-c",
    ]);
    expect(outcome.outcome).toBe("undone");
    expect(fleet.states()).toEqual(before);
  });

  test("that was put back keeps its number: the next one gets another, also after its topology was mended by hand", async () => {
    const fleet = await pair();
    fleet.node("lb-b").sick = "haproxy-gone";
    expect((await fleet.apply({ topology: grown(pairText) })).outcome.outcome).toBe("undone");
    fleet.node("lb-b").sick = null;
    await fleet.node("lb-a").host.put("/etc/haproxy/haproxy.cfg", "# edited\n");
    const { outcome: mended } = await fleet.apply({ topology: pairText });
    expect([mended.outcome, mended.generation?.number]).toEqual(["kept", 1]);
    const { outcome } = await fleet.apply({ topology: grown(pairText) });
    expect([outcome.outcome, outcome.generation?.number]).toEqual(["kept", 3]);
  });

  test("whose last word does not come back is kept all the same", async () => {
    const fleet = await three();
    fleet.lost.add("lb-c hear");
    const { outcome } = await fleet.apply({ topology: grown(threeText) });
    expect(outcome.outcome).toBe("kept");
    expect(outcome.trouble.join()).toMatch(/lb-c: the connection was cut; lb-c settles from the others/);
    expect(await fleet.numbers()).toEqual([2, 2, 2]);
  });
});

describe("an apply is refused, and changes nothing anywhere,", () => {
  test("when a node cannot be reached: which, why, and how to leave it out", async () => {
    const fleet = await pair();
    const before = fleet.states();
    fleet.silent.add("lb-b");
    await expect(fleet.begin({ topology: grown(pairText) })).rejects.toThrow(
      "lb-b is out of reach: 10.0.9.3:7443: nobody listens there\nNothing was changed anywhere; '--without lb-b' leaves it out",
    );
    expect(fleet.states()).toEqual(before);
  });

  test("when the nodes run different versions", async () => {
    const fleet = await pair();
    fleet.node("lb-b").programVersion = "other";
    await expect(fleet.begin({ topology: grown(pairText) })).rejects.toThrow(
      "lb-a runs test, lb-b runs other",
    );
    await expect(fleet.office("lb-a").plan(pairText, [])).rejects.toThrow("different versions");
  });

  test("when what runs is not what the plan was made against", async () => {
    const fleet = await pair();
    const { digest } = await fleet.office("lb-a").plan(grown(pairText), []);
    expect((await fleet.office("lb-b").plan(grown(pairText), [])).digest).toBe(digest);
    fleet.node("lb-b").host.put("/etc/haproxy/haproxy.cfg", "global\n");
    await expect(fleet.begin({ topology: grown(pairText), plan: digest })).rejects.toThrow("plan again");
  });

  test("by the node itself, when what runs there changed after the last look of the coordinator", async () => {
    const fleet = await pair();
    const { digest } = await fleet.office("lb-a").plan(grown(pairText), []);
    const member = fleet.member("lb-b");
    const prepare = member.prepare.bind(member);
    member.prepare = async (proposal, topology) => {
      fleet.node("lb-b").host.put("/etc/haproxy/haproxy.cfg", "# by hand, in an emergency\n");
      return prepare(proposal, topology);
    };
    const { outcome, complaints } = await fleet.apply({ topology: grown(pairText), plan: digest });
    expect(outcome.outcome).toBe("undone");
    expect(complaints).toEqual([
      "lb-b: what runs, or the topology, changed since that plan was made: plan again",
    ]);
    expect(fleet.node("lb-b").host.bodies()["/etc/haproxy/haproxy.cfg"]).toMatch("by hand");
    expect(await fleet.numbers()).toEqual([1, 1]);
  });

  test("when the topology is not valid, with every problem in its place", async () => {
    const fleet = await pair();
    const wrong = pairText.replace("10.0.1.3", "10.0.5.3");
    await expect(fleet.begin({ topology: wrong })).rejects.toThrow(
      /^19:\d+ nodes\[1\]\.interfaces\.switches\.address/,
    );
  });

  test("when it is another cluster's, or names nodes that there are not", async () => {
    const fleet = await pair();
    const other = pairText.replace("cluster: campus", "cluster: depot");
    await expect(fleet.begin({ topology: other })).rejects.toThrow(
      "of cluster depot; this agent serves campus",
    );
    await expect(fleet.begin({ without: ["lb-x"] })).rejects.toThrow("there is no node lb-x to leave out");
    await expect(fleet.begin({ without: ["lb-a"] })).rejects.toThrow("ask the agent of another node");
  });

  test("while another one is under way, or waits for its confirmation", async () => {
    const fleet = await pair();
    const first = await fleet.begin({ topology: grown(pairText), confirmTimeout: 60_000 });
    await expect(fleet.begin({})).rejects.toThrow("carries out another change");
    await fleet.follow(first);
    await expect(fleet.begin({})).rejects.toThrow(/on trial until .* 'holdfast confirm' keeps it/);
  });
});

describe("a node that is left out", () => {
  test("by name keeps what it runs, and the others go on", async () => {
    const fleet = await pair();
    fleet.silent.add("lb-b");
    const { outcome } = await fleet.apply({ topology: grown(pairText), without: ["lb-b"] });
    const without = [{ node: "lb-b", why: "left out" }];
    expect(outcome).toMatchObject({ outcome: "kept", nodes: ["lb-a"], without });
    expect(await fleet.numbers()).toEqual([2, 1]);
  });

  test("because it is in maintenance is left out without being named", async () => {
    const fleet = await pair();
    fleet.silent.add("lb-b");
    const answer = await fleet.office("lb-a").maintenance({ node: "lb-b", on: true, force: false }, "anna");
    expect(answer).toEqual({ node: "lb-b", on: true, already: false, silent: ["lb-b"] });
    const off = { node: "lb-a", on: false, force: false };
    expect(await fleet.office("lb-a").maintenance(off, "anna")).toMatchObject({ already: true });
    const without = [{ node: "lb-b", why: "in maintenance" }];
    const { outcome } = await fleet.apply({ topology: grown(pairText) });
    expect(outcome).toMatchObject({ outcome: "kept", nodes: ["lb-a"], without });
    // Also where there is nothing to do.
    expect((await fleet.apply({ topology: grown(pairText) })).outcome.without).toEqual(without);
    const plan = await fleet.office("lb-a").plan(grown(pairText), []);
    expect(planText(plan, (_style, text) => text)).toMatch(
      /\nwithout lb-b \(in maintenance\): it catches up after 'holdfast maintenance off lb-b'\nNothing to do\.\n$/,
    );
    // It learns of it when they meet again, and may not coordinate.
    fleet.silent.clear();
    await expect(fleet.begin({ topology: grown(pairText) }, "lb-b")).rejects.toMatchObject({
      message: "lb-b is in maintenance: ask the agent of another node",
      details: elsewhere,
    });
  });
});

describe("maintenance", () => {
  test("of all nodes leaves nobody to apply anything, and no other agent to ask", async () => {
    const fleet = await pair();
    for (const node of ["lb-a", "lb-b"])
      await fleet.office("lb-a").maintenance({ node, on: true, force: true }, "anna");
    const refusal = fleet.begin({ topology: grown(pairText) });
    await expect(refusal).rejects.toThrow(
      "no node takes part: lb-a is in maintenance, lb-b is in maintenance; 'holdfast maintenance off NODE'",
    );
    await expect(refusal).rejects.not.toMatchObject({ details: elsewhere });
  });

  test("of the last node that is ready is refused, unless it is forced", async () => {
    const fleet = await pair();
    fleet.silent.add("lb-b");
    const on = { node: "lb-a", on: true, force: false };
    await expect(fleet.office("lb-a").maintenance(on, "anna")).rejects.toThrow(
      "draining the last ready node",
    );
    expect(await fleet.office("lb-a").maintenance({ ...on, force: true }, "anna")).toMatchObject({
      on: true,
    });
  });

  test("ends by the newest word, whichever node it was said to", async () => {
    const fleet = await pair();
    await fleet.office("lb-a").maintenance({ node: "lb-b", on: true, force: false }, "anna");
    await fleet.office("lb-b").maintenance({ node: "lb-b", on: false, force: false }, "bert");
    expect((await fleet.apply({ topology: grown(pairText) })).outcome.nodes).toEqual(["lb-a", "lb-b"]);
  });

  test("of a node that there is not is refused", async () => {
    const fleet = await pair();
    const request = { node: "lb-x", on: true, force: false };
    await expect(fleet.office("lb-a").maintenance(request, "anna")).rejects.toThrow("there is no node lb-x");
  });
});

describe("a generation on trial", () => {
  const onTrial = async () => {
    const fleet = await pair();
    const { outcome } = await fleet.apply({ topology: grown(pairText), confirmTimeout: 60_000 });
    expect(outcome).toMatchObject({ outcome: "trial", confirm_by: expect.stringMatching(/Z$/) });
    return fleet;
  };

  test.each(["lb-a", "lb-b"])("is kept everywhere when %s is asked to", async (node) => {
    const fleet = await onTrial();
    expect(await fleet.office(node).confirm("anna")).toEqual({
      generation: expect.objectContaining({ number: 2 }),
      nodes: ["lb-a", "lb-b"],
      silent: [],
    });
    await expect(fleet.office(node).confirm("anna")).rejects.toThrow("no generation is on trial");
    expect(await fleet.numbers()).toEqual([2, 2]);
  });

  test("cannot be confirmed by half of the nodes: it says so, and settles when they talk", async () => {
    const fleet = await onTrial();
    fleet.silent.add("lb-b");
    await expect(fleet.office("lb-a").confirm("anna")).rejects.toThrow(
      /^not kept yet: lb-b did not answer.*\nlb-a has voted to keep it.*also after the end of the trial/,
    );
    const waits = "lb-a has voted to keep generation 2 of anna, which cannot be taken back, and waits for";
    await expect(fleet.office("lb-a").confirm("anna")).rejects.toThrow(waits);
    await expect(fleet.office("lb-a").rollback(back(null), "bert")).rejects.toThrow(waits);
    await expect(fleet.office("lb-a").rollback(back(1), "bert")).rejects.toThrow(waits);
  });

  test("is kept by the vote of an operator who says that the other node is gone for good, also after the own vote", async () => {
    const fleet = await onTrial();
    fleet.silent.add("lb-b");
    await expect(fleet.office("lb-a").confirm("anna")).rejects.toThrow("'holdfast confirm --without lb-b'");
    await expect(fleet.office("lb-a").confirm("anna")).rejects.toThrow(
      "'holdfast confirm --without lb-b' ends it",
    );
    expect(await fleet.office("lb-a").confirm("anna", ["lb-b"])).toMatchObject({
      nodes: ["lb-a"],
      silent: ["lb-b"],
    });
    expect((await fleet.apply({ topology: pairText, without: ["lb-b"] })).outcome.outcome).toBe("kept");
  });

  test("is never kept over a node that answers, whoever calls it gone", async () => {
    const fleet = await onTrial();
    const id = (await fleet.member("lb-b").record())?.proposal.id ?? "";
    await fleet.member("lb-b").decide(id, "abort");
    await expect(fleet.office("lb-a").confirm("anna", ["lb-b"])).rejects.toThrow("the nodes go back");
    expect(await fleet.numbers()).toEqual([1, 1]);
  });

  test("is not waited for without end by who confirms it: a node that hangs is told of within seconds", async () => {
    const fleet = await onTrial();
    fleet.member("lb-b").hear = () => new Promise(() => undefined);
    const began = performance.now();
    await expect(fleet.office("lb-a").confirm("anna")).rejects.toThrow("lb-b did not answer");
    expect(performance.now() - began).toBeLessThan(8_000);
  }, 40_000);

  test.each(["lb-a", "lb-b"])("ends at once when %s is asked to roll back", async (node) => {
    const fleet = await onTrial();
    const begun = await fleet.office(node).rollback(back(null), "anna");
    expect(begun.leadsTo).toBe(1);
    const { outcome, said } = await fleet.follow(begun, node);
    expect(outcome).toMatchObject({ outcome: "undone", generation: { number: 1 } });
    expect([...said].sort()).toEqual(["restored lb-a", "restored lb-b"]);
    expect(fleet.told.at(-1)).toBe(
      "apply: anna ended the trial of generation 2 of anna: back to generation 1",
    );
    expect(await fleet.numbers()).toEqual([1, 1]);
  });

  test("that its timer has ended is not taken for a wish to have an older generation", async () => {
    const fleet = await onTrial();
    await fleet.follow(await fleet.office("lb-a").rollback(back(null), "anna"));
    for (const node of ["lb-a", "lb-b"])
      await expect(fleet.office(node).rollback(back(null), "anna")).rejects.toThrow("on trial any more");
    expect(await fleet.numbers()).toEqual([1, 1]);
  });

  test("has to end before an older one is brought back", async () => {
    const fleet = await onTrial();
    await expect(fleet.office("lb-a").rollback(back(1), "anna")).rejects.toThrow("on trial");
  });
});

test("a node that is taken out of service again is out since the first time, and told of once", async () => {
  const fleet = await pair();
  const drain = (by: string) =>
    fleet.office("lb-a").maintenance({ node: "lb-b", on: true, force: false }, by);
  expect(await drain("anna")).toMatchObject({ already: false });
  expect(await drain("bert")).toMatchObject({ already: true });
  expect(fleet.told.filter((sentence) => sentence.startsWith("maintenance:"))).toEqual([
    "maintenance: anna took lb-b out of service",
  ]);
});

test("two who take a node each out of service at once do not leave the cluster without any", async () => {
  const fleet = await pair();
  const drain = (through: string, node: string) =>
    fleet.office(through).maintenance({ node, on: true, force: false }, "anna");
  for (const through of [
    ["lb-a", "lb-b"],
    ["lb-a", "lb-a"],
  ] as const) {
    const ended = await Promise.allSettled([drain(through[0], "lb-a"), drain(through[1], "lb-b")]);
    const refused = ended.flatMap((each) => (each.status === "rejected" ? [String(each.reason)] : []));
    expect(refused.length).toBeGreaterThan(0);
    for (const words of refused) expect(words).toMatch(/draining the last ready node is refused/);
    for (const node of ["lb-a", "lb-b"])
      await fleet.office("lb-b").maintenance({ node, on: false, force: false }, "anna");
  }
});

describe("an older generation", () => {
  test("comes back as a new one with its number in the message", async () => {
    const fleet = await pair();
    await fleet.apply({ topology: grown(pairText) });
    const begun = await fleet.office("lb-a").rollback(back(1, "c9 was the wrong one"), "anna");
    expect(begun.leadsTo).toBe(3);
    expect((await fleet.follow(begun)).outcome.outcome).toBe("kept");
    expect(fleet.told.at(-1)).toMatch("generation 3 of anna (rollback to 1: c9 was the wrong one) runs on");
    const past = await Promise.all([1, 3].map((number) => readGeneration(fleet.node("lb-b").host, number)));
    expect(new Set(past.map((generation) => generation?.entry.digest)).size).toBe(1);
  });

  test("comes back without a node that is away, and on trial where that is asked for", async () => {
    const fleet = await pair();
    await fleet.apply({ topology: grown(pairText) });
    fleet.silent.add("lb-b");
    const office = fleet.office("lb-a");
    await expect(office.rollback(back(1), "anna")).rejects.toThrow("'--without lb-b' leaves it out");
    const begun = await office.rollback({ ...back(1), without: ["lb-b"], confirmTimeout: 60_000 }, "anna");
    const { outcome } = await fleet.follow(begun);
    expect(outcome).toMatchObject({ outcome: "trial", nodes: ["lb-a"] });
    const again = { ...back(null), confirmTimeout: 60_000 };
    await expect(office.rollback(again, "anna")).rejects.toThrow("a trial ends at once");
  });

  test("that a node does not have is refused", async () => {
    const fleet = await pair();
    await expect(fleet.office("lb-a").rollback(back(7), "anna")).rejects.toThrow("topology of generation 7");
  });
});

describe("a node whose manifest is damaged", () => {
  const damaged = async () => {
    const fleet = await pair();
    const { host } = fleet.node("lb-b");
    host.put(`${await host.linked(generationPaths.current)}/manifest.json`, "{");
    return { fleet, host };
  };

  test("runs no known generation, says so, and the next apply puts it right", async () => {
    const { fleet, host } = await damaged();
    expect(await fleet.numbers()).toEqual([1, null]);
    expect(await observeDrift(host)).toMatchObject([
      {
        sentence: expect.stringMatching(
          /current\/manifest\.json cannot be compared: it is damaged: apply again$/,
        ),
      },
    ]);
    // Of the same topology too.
    expect((await fleet.apply({ topology: pairText })).outcome.outcome).toBe("kept");
    expect(await fleet.numbers()).toEqual([2, 2]);
    expect((await observeDrift(host)).filter(({ kind }) => kind === "file")).toEqual([]);
    expect((await readHistory(host)).damaged).toEqual(["generation 1 is damaged: its manifest is not one"]);
  });

  test("is wholly as it was when that apply is undone", async () => {
    const { fleet } = await damaged();
    const before = fleet.node("lb-b").state();
    fleet.node("lb-b").sick = "HAProxy is gone";
    expect((await fleet.apply({ topology: grown(pairText) })).outcome.outcome).toBe("undone");
    expect(fleet.node("lb-b").state()).toEqual(before);
  });
});

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { subjectOf } from "../../src/cli/lab-subject.js";
import { catalogue, coreCatalogue } from "../../src/drill/catalogue.js";
import { balancerDrills } from "../../src/drill/offered.js";
import { runDrill } from "../../src/drill/run.js";
import type { Subject } from "../../src/drill/subject.js";
import { AgentClient } from "../../src/fleet/client.js";
import { labDown } from "../../src/lab/down.js";
import type { Lab } from "../../src/lab/lab.js";
import { few } from "../thorough.js";
import { edited, ensureBuilt, example, labFor, type Written } from "./topology.js";
import { unhurried } from "./unhurried.js";

const quiet = (): { progress: () => void; signal: AbortSignal } => ({
  progress: () => undefined,
  signal: new AbortController().signal,
});

/** What a node's events say of drills. */
async function drillNotes(lab: Lab, node: string): Promise<{ drill: unknown; outcome: unknown }[]> {
  const client = new AgentClient(node, { kind: "unix", path: lab.agentSocket(node) ?? "" });
  try {
    const { events } = await client.call("events", { query: { limit: 1000, last: "true" } });
    return events
      .filter(({ kind }) => kind === "drill")
      .map(({ details: { drill, outcome } }) => ({ drill, outcome }));
  } finally {
    client.close();
  }
}

/** One of each kind of fault; operating.test.ts strikes with more of them. */
const core = coreCatalogue.filter(({ name }) =>
  ["power-loss", "haproxy-crash", "path-dead", "controller-crash"].includes(name),
);

/** At the middle profile: three adverts of 20 ms are a pause that a machine full of tests may well make by itself. */
const balanced = (name: string): Written => {
  const written = example(name, `drills-${name}`);
  return edited(written, [/profile: \w+/.exec(written.text)?.[0] ?? "", "profile: balanced"]);
};

describe.each(few(["pair", "campus-routed"], ["pair"]))("%s in the lab", (name) => {
  const topology = balanced(name);
  const { cluster } = topology;
  let subject: Subject;

  beforeAll(async () => {
    await ensureBuilt();
    subject = subjectOf(await labFor(topology, { switches: 2 }));
  });
  afterAll(async () => void (await labDown(cluster.name)));
  test.each(few(balancerDrills(cluster), core))("keeps the promise of $name", async (drill) => {
    const { verdict, seen } = await runDrill(unhurried(drill), subject, quiet());
    expect(verdict, JSON.stringify(seen.owners)).toEqual({ pass: true, reasons: [] });
    for (const { name: node } of cluster.nodes)
      expect((await drillNotes(subject.lab, node)).slice(-2)).toEqual([
        { drill: drill.name, outcome: "begins" },
        { drill: drill.name, outcome: "passed" },
      ]);
  });

  test("is mended when a drill is interrupted while its fault lasts", async () => {
    const abort = new AbortController();
    const [drill] = catalogue;
    if (!drill) throw new Error("the catalogue is empty");
    const progress = (text: string): void => {
      if (text.endsWith(" off")) setTimeout(() => abort.abort(new Error("interrupted")), 200);
    };
    await expect(runDrill(drill, subject, { progress, signal: abort.signal })).rejects.toThrow();
    // The one that was off may still be booting, and misses it then.
    const last = subject.lab.cluster.nodes.map(async (node) =>
      (await drillNotes(subject.lab, node.name)).at(-1),
    );
    const noted = (await Promise.allSettled(last)).flatMap((each) =>
      each.status === "fulfilled" ? [each.value] : [],
    );
    expect(noted).toContainEqual(expect.objectContaining({ outcome: "interrupted" }));
    const again = await runDrill(unhurried(drill), subject, quiet()); // begins only when every node is ready
    expect(again.verdict.pass).toBe(true);
  });
});

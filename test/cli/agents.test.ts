import { expect, test } from "vitest";
import { elsewhere } from "../../src/api/api-error.js";
import { askFirst } from "../../src/cli/agents.js";
import type { AgentClient } from "../../src/fleet/client.js";
import { RefusedCall, UnreachableError } from "../../src/fleet/client-errors.js";

/** An agent that gives one answer to whatever is asked. */
const agent = (node: string, answer: Error | { readonly id: string }) => ({
  node,
  client: {
    call: async () => {
      if (answer instanceof Error) throw answer;
      return answer;
    },
  } as Pick<AgentClient, "call">,
});
const away = new RefusedCall("lb-a", 409, "lb-a is in maintenance: ask the agent of another node", elsewhere);
const off = new UnreachableError("lb-b", ["10.0.9.3:7443: no route to it"]);
const ask = (...agents: ReturnType<typeof agent>[]) => askFirst(agents, "confirm", {});

test("an agent that leaves it to the others, as in maintenance, is passed over like one out of reach", async () => {
  const { agent: taker, answer } = await ask(
    agent("lb-a", away),
    agent("lb-b", off),
    agent("lb-c", { id: "1" }),
  );
  expect([taker.node, answer]).toEqual(["lb-c", { id: "1" }]);
});

test("any other refusal is the answer: nobody else is asked", async () => {
  const refused = new RefusedCall("lb-a", 409, "no generation is on trial");
  await expect(ask(agent("lb-a", refused), agent("lb-b", { id: "1" }))).rejects.toBe(refused);
});

test("what begins a change is not asked of another where the first one may have begun it", async () => {
  const cut = new UnreachableError("lb-a", ["10.0.9.2:7443: the connection was cut"], true);
  const agents = [agent("lb-a", cut), agent("lb-b", { id: "1" })];
  const body = { to: null, force: false };
  await expect(askFirst(agents, "switchover", { body })).rejects.toThrow(
    "lb-a is out of reach: 10.0.9.2:7443: the connection was cut; it may have taken the request: 'holdfast status'",
  );
  expect((await askFirst(agents, "confirm", {})).agent.node).toBe("lb-b");
});

test("where nobody does it, each one's reason is told", async () => {
  await expect(ask(agent("lb-a", away), agent("lb-b", off))).rejects.toThrow(
    "no agent does this now:\n  lb-a: lb-a is in maintenance: ask the agent of another node\n  lb-b is out of reach: 10.0.9.3:7443: no route to it",
  );
  await expect(ask(agent("lb-a", away))).rejects.toBe(away);
  await expect(ask(agent("lb-b", off))).rejects.toThrow("no agent answers:\n  lb-b is out of reach");
});

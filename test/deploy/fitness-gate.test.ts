import { expect, test } from "vitest";
import { FitnessGate } from "../../src/deploy/fitness-gate.js";

/** A node with these faults before a change. */
async function gateOf(...before: string[]) {
  let faults: readonly string[] = before;
  const senses = { fitness: async () => faults, answers: async () => ({ endpoints: [] }) };
  const gate = new FitnessGate(senses, { timeout: 3, pause: 1 });
  await gate.remember();
  return (...after: string[]) => {
    faults = after;
    return gate.pass(false);
  };
}

test("a change that cures one of two faults passes the gate, and so does one that cures nothing", async () => {
  const pass = await gateOf("interface-down:switches", "rules-missing");
  await expect(pass("interface-down:switches")).resolves.toEqual({ endpoints: [] });
  await expect(pass("rules-missing", "interface-down:switches")).resolves.toEqual({ endpoints: [] });
  await expect(pass()).resolves.toEqual({ endpoints: [] });
});

test("a fault that was not there before is refused by its name alone, whatever was cured", async () => {
  const pass = await gateOf("interface-down:switches", "rules-missing");
  await expect(pass("interface-down:switches", "haproxy-silent")).rejects.toThrow(/^haproxy-silent$/);
});

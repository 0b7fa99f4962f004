import { expect, test } from "vitest";
import { SwitchMemory } from "../../../src/mirror/session/switch-memory.js";
import { multipart, port, portStatus } from "./dialogue.js";

const learn = (memory: SwitchMemory, bytes: Buffer) =>
  memory.learn(bytes.readUInt8(1), bytes.readUInt8(0), bytes);

const described = ({ ports }: SwitchMemory): number =>
  (ports?.described(Infinity) ?? []).reduce((sum, { length }) => sum + length, 0);

test("a switch that reports ever new ports does not fill the memory, and those it had are kept up to date", () => {
  const memory = new SwitchMemory();
  learn(memory, multipart(4, 19, 1, 13, 0, port(4, 1, "eth1")));
  for (let number = 2; number < 40_000; number += 1) learn(memory, portStatus(4, 0, port(4, number, "new")));
  expect(described(memory)).toBeLessThanOrEqual(2 ** 20);
  learn(memory, portStatus(4, 2, port(4, 1, "renamed")));
  expect(memory.ports?.described(Infinity, 1)[0]?.toString("latin1")).toContain("renamed");
  learn(memory, portStatus(4, 1, port(4, 1, "renamed")));
  learn(memory, portStatus(4, 0, port(4, 1, "again")));
  expect(memory.ports?.described(Infinity, 1)[0]?.toString("latin1")).toContain("again");
});

test("a description that never ends is taken as it is, even if its parts are empty", () => {
  const memory = new SwitchMemory();
  learn(memory, multipart(4, 19, 1, 13, 1, port(4, 1, "eth1")));
  for (let part = 0; part < 2 ** 16 && memory.ports === null; part += 1)
    learn(memory, multipart(4, 19, 1, 13, 1));
  expect(memory.ports?.size).toBe(1);
});

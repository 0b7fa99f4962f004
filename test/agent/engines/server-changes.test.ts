import { expect, test } from "vitest";
import { serverChanges } from "../../../src/agent/engines/server-changes.js";

const server = (name: string, up: boolean) => ({
  ...{ service: "openflow", name, up, sessions: 0, refused: false },
  status: up ? "UP" : "DOWN",
});

test("a server that goes down or comes up is news, once", () => {
  const before = [server("c1", true), server("c2", true)];
  const after = [server("c1", false), server("c2", true)];
  expect(serverChanges(before, after)).toEqual([
    { service: "openflow", server: "c1", up: false, status: "DOWN" },
  ]);
  expect(serverChanges(after, after)).toEqual([]);
});

test("the first word of HAProxy and a server that is new are no news", () => {
  expect(serverChanges(null, [server("c1", false)])).toEqual([]);
  expect(serverChanges([server("c1", true)], [server("c1", true), server("c2", false)])).toEqual([]);
});

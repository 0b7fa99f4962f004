import { expect, test } from "vitest";
import { LiveReader } from "../../../src/agent/live/live-reader.js";
import type { LiveOwners } from "../../../src/api/live.js";

const owners = (name: string): LiveOwners => ({
  ...{ kind: "owners", at: "", networks: { switches: [name] }, heard: [] },
});
const event = (sequence: number) => ({
  ...{ sequence, node: "lb-a", at: "", kind: "role" as const, text: "", details: {} },
});

test("a slow reader gets the newest owner, before events, of which it holds no more than its bound", async () => {
  const reader = new LiveReader();
  for (let sequence = 1; sequence <= 2_000; sequence += 1) reader.hear(event(sequence));
  for (const name of ["lb-a", "lb-b"]) reader.see(owners(name));
  const end = new AbortController();
  const read = reader.read(end.signal);
  expect((await read.next()).value).toEqual({ id: 1, data: owners("lb-b") });
  expect((await read.next()).value).toEqual({ id: 2, data: { kind: "event", event: event(1_501) } });
  const rest: number[] = [];
  for (let count = 0; count < 499; count += 1) {
    const { value } = await read.next();
    if (value?.data.kind === "event") rest.push(value.data.event.sequence);
  }
  expect(rest.at(-1)).toBe(2_000);
  const next = read.next();
  end.abort();
  expect((await next).done).toBe(true);
});

import { expect, test } from "vitest";
import { SharedAnswers, type Writes } from "../../../src/mirror/multiplexer/shared-answers.js";
import { message } from "../../../src/mirror/openflow/message.js";
import { typeName } from "../../../src/mirror/openflow/message-type.js";
import { SwitchMemory } from "../../../src/mirror/session/switch-memory.js";
import { multipart } from "../session/dialogue.js";

/** Types that go on to the switch, by name. */
function forwarded(version: 1 | 4 | 6, writes: Writes): string[] {
  const answers = new SharedAnswers(new SwitchMemory(), version, writes);
  const types = Array.from({ length: 256 }, (_, type) => type);
  return types
    .filter((type) => answers.to(message(version, type, 7, Buffer.alloc(24))).kind === "forward")
    .map((type) => typeName(version, type));
}

const questions = [
  ...["GET_CONFIG_REQUEST", "MULTIPART_REQUEST", "BARRIER_REQUEST", "QUEUE_GET_CONFIG_REQUEST"],
  ...["GET_ASYNC_REQUEST", "SET_ASYNC"],
];

test("a master controller that may not write has its questions alone go on to the switch", () => {
  for (const writes of ["error", "drop"] as const) {
    expect(forwarded(6, writes)).toEqual(questions);
    expect(forwarded(1, writes)).toEqual([
      ...["GET_CONFIG_REQUEST", "STATS_REQUEST", "BARRIER_REQUEST", "QUEUE_GET_CONFIG_REQUEST"],
    ]);
  }
});

test("one that may write has its changes go on, too, and nothing that only a switch says", () => {
  expect(forwarded(4, "forward").sort()).toEqual(
    [
      ...questions,
      ...["EXPERIMENTER", "PACKET_OUT", "FLOW_MOD", "GROUP_MOD", "PORT_MOD", "TABLE_MOD", "METER_MOD"],
      "ROLE_REQUEST",
    ].sort(),
  );
});

test("tables are asked about by whoever may ask, and set by whoever may write", () => {
  const asked = (writes: Writes, body: Buffer) =>
    new SharedAnswers(new SwitchMemory(), 4, writes).to(multipart(4, 18, 7, 12, 0, body)).kind;
  expect([asked("error", Buffer.alloc(0)), asked("error", Buffer.alloc(64))]).toEqual(["forward", "write"]);
  expect(asked("forward", Buffer.alloc(64))).toBe("forward");
});

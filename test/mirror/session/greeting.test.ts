import { expect, test } from "vitest";
import {
  helloFor,
  helloOffering,
  negotiated,
  offered,
  versionsIn,
} from "../../../src/mirror/openflow/hello.js";
import { message } from "../../../src/mirror/openflow/message.js";
import { dialogue, features, hex } from "./dialogue.js";

/** As Open vSwitch greets with 1.0 to 1.5, and with 1.3 alone. */
const everyVersion = hex("06 00 0010 00000010 0001 0008 0000007e");
const only13 = hex("04 00 0010 00000011 0001 0008 00000010");

test("two greetings lead to the highest version of both, with or without bitmaps", () => {
  expect(offered(everyVersion)).toEqual({ highest: 6, bitmap: 0x7e });
  expect(negotiated(everyVersion, only13)).toBe(4);
  expect(negotiated(everyVersion, message(4, 0, 1))).toBe(4);
  expect(negotiated(message(1, 0, 1), message(6, 0, 1))).toBe(1);
  expect(negotiated(only13, message(1, 0, 1))).toBe(null);
  expect(negotiated(helloFor(5, 1), helloFor(6, 1))).toBe(null);
  // An element that is cut short, or of another kind, is none.
  expect(offered(hex("04 00 000c 00000001 0001 0010")).bitmap).toBe(null);
  expect(offered(hex("06 00 0018 00000010 0007 0006 ffff 0000 0001 0008 00000010")).bitmap).toBe(0x10);
});

test("the switch's own greeting is used where it leads to the version that the switch speaks", () => {
  const { tell, ask, said, ready } = dialogue(4);
  tell(everyVersion);
  tell(features(4));
  ask(only13);
  expect(said).toEqual([everyVersion.toString("hex")]);
  expect(ready.times).toBe(1);
});

test("where it would lead to another, one is used that offers no other", () => {
  const { tell, ask, said, ready } = dialogue(4);
  tell(everyVersion);
  ask(hex("06 00 0010 00000001 0001 0008 00000052"));
  expect(said).toEqual([helloFor(4, 1).toString("hex")]);
  expect(ready.times).toBe(1);
});

test("a controller without that version is told so, and why", () => {
  const { ask, said, closed, ready } = dialogue(4);
  ask(message(1, 0, 7));
  expect(said).toEqual([`0401001400000007${"00000000"}${message(1, 0, 7).toString("hex")}`]);
  expect(closed).toEqual(["it offers OpenFlow 1.0, and the switch speaks 1.3"]);
  expect(ready.times).toBe(0);
});

test("a controller that waits for the switch is greeted after a second", () => {
  const { session, ask, said, ready } = dialogue(1);
  session.tick(999);
  expect(said).toEqual([]);
  session.tick(1_000);
  expect(said).toEqual([message(1, 0, 1).toString("hex")]);
  expect(ready.times).toBe(0);
  ask(message(4, 0, 1));
  expect(ready.times).toBe(1);
});

test("one that waits, and offers all that the switch's own greeting does, is led to the version that the switch speaks", () => {
  const { session, tell, ask, said, closed, ready } = dialogue(4);
  const many = helloOffering([1, 4, 5, 6], 1);
  tell(many);
  tell(features(4));
  session.tick(1_000);
  expect(said).toEqual([helloFor(4, 1).toString("hex")]);
  ask(many);
  expect([closed, ready.times]).toEqual([[], 1]);
});

test.each([
  [message(1, 0, 1), "1.0"],
  [message(3, 0, 1), "up to 1.2"],
  [helloOffering([1, 5, 6], 1), "1.0, 1.4, 1.5"],
  [hex("06 00 0010 00000010 0001 0008 00000200"), "of wire version 9"],
])(
  "whoever cannot speak the switch's version is refused in words that name what it offers",
  (theirs, words) => {
    expect(versionsIn(theirs)).toBe(words);
    const { ask, closed } = dialogue(4);
    ask(theirs);
    expect(closed).toEqual([`it offers OpenFlow ${words}, and the switch speaks 1.3`]);
  },
);

test.each([
  ["what is not OpenFlow", Buffer.from("HTTP/1.1 400 Bad Request\r\n\r\n")],
  ["a request before its greeting", message(4, 5, 1)],
])("a listener that says %s is no controller", (_, bytes) => {
  const { ask, closed, ready } = dialogue(4);
  expect(ask(bytes)).toEqual([]);
  expect(closed).toHaveLength(1);
  expect(ready.times).toBe(0);
});

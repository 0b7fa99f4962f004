import { beforeEach, expect, test } from "vitest";
import { Reassembly } from "../../../src/mirror/stream/reassembly.js";

/** What was told: bytes as they are, a hole as its length, `astray` where the stream was found elsewhere. */
let told: string;
let stream: Reassembly;
let now = 0;
beforeEach(() => {
  told = "";
  now = 0;
  stream = new Reassembly({
    data: (bytes) => {
      told += bytes.toString();
    },
    gap: (bytes) => {
      told += `<${bytes}>`;
    },
    astray: () => {
      told += "<astray>";
    },
  });
  stream.start(1_000);
});

const say = (sequence: number, text: string) => stream.segment(sequence, Buffer.from(text), now);

test("a segment far ahead is held, and changes nothing while the stream goes on", () => {
  say(1_000, "a");
  say(500_000, "forged");
  for (let each = 1; each < 20; each += 1) {
    now += 500;
    say(1_000 + each, "a");
    stream.tick(now);
  }
  expect(told).toBe("a".repeat(20));
});

test("a hole on which nothing follows is given up", () => {
  say(1_000, "a");
  say(1_006, "b");
  now = 1_400;
  stream.tick(now);
  expect(told).toBe("a");
  now = 1_500;
  stream.tick(now);
  expect(told).toBe("a<5>b");
});

test("where a forged segment led a quiet stream astray, the stream itself leads it back", () => {
  say(1_000, "a");
  say(500_000, "forged");
  now = 2_000;
  stream.tick(now);
  expect(told).toBe("a<498999>forged");
  told = "";
  for (let each = 1; each < 12; each += 1) {
    now += 1_000;
    say(1_000 + each, `${each % 10}`);
  }
  expect(told).toBe("<astray>901");
});

test("a stream that went on while nothing was captured is found where it is", () => {
  for (let each = 0; each < 12; each += 1) {
    now += 300;
    say(2 ** 30 + each, `${each % 10}`);
  }
  expect(told).toBe("<astray>8901");
});

test("what is sent again, in line or not, is not told again while the stream goes on", () => {
  say(1_000, "0123456789");
  for (let round = 0; round < 5; round += 1)
    for (let each = 0; each < 10; each += 1) {
      now += 100;
      if (each === 9) say(1_010 + round, "+");
      else say(1_000 + each, `${each}`);
    }
  expect(told).toBe("0123456789+++++");
});

test("a probe of one old byte, again and again, is none of the stream's (RFC 1122, 4.2.3.6)", () => {
  say(1_000, "ab");
  for (let each = 0; each < 50; each += 1) {
    now += 1_000;
    say(1_001, "b");
  }
  say(1_002, "c");
  expect(told).toBe("abc");
});

test("small segments wait for one that was lost for as long as that may take to come again", () => {
  say(1_000, "a");
  for (let each = 0; each < 4_000; each += 1) stream.segment(1_065 + 64 * each, Buffer.alloc(64, "b"), now);
  expect(told).toBe("a");
  stream.segment(1_001, Buffer.alloc(64, "c"), now);
  expect(told).toBe(`a${"c".repeat(64)}${"b".repeat(64 * 4_000)}`);
});

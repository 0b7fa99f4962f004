import { describe, expect, test } from "vitest";
import type { PeerState } from "../../../src/agent/beats/peer-state.js";
import { PeerNews } from "../../../src/agent/daemon/peer-news.js";

const peer = (name: string, alive: boolean, age: number): PeerState => ({
  ...{ name, alive, age, ready: alive, severity: 0, faults: [], yielding: false },
  ...{ generation: null, unsettled: false },
});

function rig(members = ["lb-a", "lb-b"]) {
  const told: string[] = [];
  const clock = { now: 0 };
  const due: { at: number; work: () => void }[] = [];
  const news = new PeerNews({
    now: () => clock.now,
    after(milliseconds, work) {
      const chore = { at: clock.now + milliseconds, work };
      due.push(chore);
      return () => void due.splice(due.indexOf(chore), 1);
    },
    members: () => members,
    tell: ({ text }) => told.push(text),
  });
  const pass = (milliseconds: number) => {
    clock.now += milliseconds;
    for (const { at, work } of due.splice(0, due.filter(({ at }) => at <= clock.now).length))
      if (at <= clock.now) work();
  };
  const loses = (name: string) => {
    news.heard(peer(name, false, 700));
    pass(500);
  };
  return { news, told, pass, loses };
}

describe("a peer that falls silent", () => {
  test("is told with what it means, and that it is heard again", () => {
    const { news, told, pass, loses } = rig();
    news.heard(peer("lb-b", true, 0));
    loses("lb-b");
    pass(2_000);
    news.heard(peer("lb-b", true, 0));
    expect(told).toEqual([
      "lb-b is not heard any more: no other node stands by",
      "lb-b is heard again after 3.2 s",
    ]);
  });

  test("for a busy moment only is not told", () => {
    const { news, told, pass } = rig();
    news.heard(peer("lb-b", true, 0));
    news.heard(peer("lb-b", false, 700));
    pass(200);
    news.heard(peer("lb-b", true, 0));
    pass(5_000);
    expect(told).toEqual([]);
  });

  test("only because this node stood still is not told", () => {
    const { news, told, pass } = rig();
    news.heard(peer("lb-b", true, 0));
    pass(4_000);
    news.heard(peer("lb-b", false, 4_000));
    pass(200);
    news.heard(peer("lb-b", true, 0));
    pass(5_000);
    expect(told).toEqual([]);
  });

  test("where a third node is heard leaves somebody", () => {
    const { news, told, loses } = rig(["lb-a", "lb-b", "lb-c"]);
    news.heard(peer("lb-b", true, 0));
    news.heard(peer("lb-c", true, 0));
    loses("lb-b");
    expect(told).toEqual(["lb-b is not heard any more: lb-c can be heard"]);
  });

  test("and has left the cluster is no loss", () => {
    const { news, told, loses } = rig(["lb-a"]);
    news.heard(peer("lb-b", true, 0));
    loses("lb-b");
    expect(told).toEqual([]);
  });

  test("again and again fills no log", () => {
    const { news, told, loses } = rig();
    for (let round = 0; round < 50; round += 1) {
      news.heard(peer("lb-b", true, 0));
      loses("lb-b");
    }
    expect(told.filter((text) => text.includes("not heard"))).toHaveLength(10);
  });
});

import { describe, expect, test } from "vitest";
import type { Beat } from "../../../src/agent/beats/beat.js";
import { type Circumstances, takeoverCause } from "../../../src/agent/explain/cause.js";

const beat: Beat = {
  node: "lb-b",
  boot: 1,
  sequence: 1,
  severity: 0,
  faults: [],
  yielding: false,
  digest: "d",
  generation: null,
  unsettled: false,
  sync: null,
  networks: {},
};

/** This node, of priority 254, took over `after` milliseconds after the last advert of lb-b. */
function silentFor(milliseconds: number, { lives = true, priority = 253 } = {}): Circumstances {
  const decided = 10_000;
  return {
    network: "switches",
    advertInterval: 100,
    downAdverts: 3,
    priority: 254,
    decided,
    former: {
      name: "lb-b",
      priority,
      lastAdvert: {
        kind: "advert",
        at: decided - milliseconds,
        mac: "02:00:00:00:00:02",
        source: "10.0.1.3",
        priority,
        outgoing: false,
        addresses: ["10.0.1.100"],
      },
      before: { beat, age: 50 },
      since: { beat, age: lives ? -500 : 50 },
    },
    plannedBy: null,
  };
}

describe("a preferred node that takes over is told from one that hears nothing more", () => {
  const preferred = "this node is preferred (priority 254 against 253)";

  test.each([1, 60, 101, 199])("%d ms after the last advert of an owner that lives", (milliseconds) => {
    expect(takeoverCause(silentFor(milliseconds))).toBe(preferred);
  });

  test("but not once every advert is missed", () => {
    expect(takeoverCause(silentFor(301))).toBe(
      "lb-b lives, but its adverts no longer arrive (3 adverts missed)",
    );
  });

  test("nor by the fault that the takeover itself brings about", () => {
    const second = { ...beat, faults: ["second-owner:switches"], yielding: true };
    const circumstances = silentFor(301);
    const { former } = circumstances;
    const since = { beat: second, age: -500 };
    expect(takeoverCause({ ...circumstances, former: former && { ...former, since } })).toBe(
      "lb-b lives, but its adverts no longer arrive (3 adverts missed)",
    );
  });

  test("nor when the owner is dead, and this network only moved along with another", () => {
    expect(takeoverCause(silentFor(230, { lives: false }))).toBe(
      "lb-b lost power or every link (2 adverts missed)",
    );
  });

  test("nor when the owner had the higher priority", () => {
    expect(takeoverCause(silentFor(130, { priority: 255 }))).toBe(
      "lb-b lives, but its adverts no longer arrive (1 advert missed)",
    );
  });
});

import { describe, expect, test } from "vitest";
import type { Event, EventKind } from "../../src/api/event.js";
import { driftKey, historyKey, moveKey } from "../../src/dashboard/model/refresh.js";
import { blank, type State, told, withEvents } from "../../src/dashboard/model/state.js";

const event = (sequence: number, kind: EventKind): Event => ({
  ...{ sequence, kind, at: `2026-12-01T10:00:0${sequence}.000Z`, node: "lb-a", text: "", details: {} },
});
const having = (state: State, ...events: Event[]): State => ({
  ...state,
  events: withEvents(state.events, events),
});
const picture = (drift: boolean, number: number, role: "active" | "standby" = "active") => ({
  ...{ kind: "picture" as const, at: "2026-12-01T10:00:00.000Z", healthy: true, redundant: true },
  ...{ remarks: [], virtual_ips: [], services: [], vpn_servers: [], trial: null },
  nodes: [
    {
      ...{ name: "lb-a", role, healthy: true, troubles: [], why: null, maintenance: null, drift },
      ...{ generation: { number, digest: "aa" }, program: null, certificate_expires: null },
      ...{ last_takeover: null, sync: null, contradicts: [] },
    },
  ],
});

describe("what is asked again", () => {
  const state = told(blank, picture(false, 1));

  test("is drift, when the picture or an event says that it is another one, and not at every event", () => {
    const key = driftKey(state);
    expect(driftKey(told(state, picture(true, 1)))).not.toBe(key);
    expect(driftKey(having(state, event(1, "drift")))).not.toBe(key);
    expect(driftKey(having(state, event(1, "server"), event(2, "role")))).toBe(key);
  });

  test("are the generations, when a node runs another one or somebody applied", () => {
    const key = historyKey(state);
    expect(historyKey(told(state, picture(false, 2)))).not.toBe(key);
    expect(historyKey(having(state, event(1, "apply")))).not.toBe(key);
    expect(historyKey(having(state, event(1, "drift")))).toBe(key);
  });

  test("is whether it is safe to switch, when a role or an owner is another one", () => {
    const key = moveKey(state);
    expect(moveKey(told(state, picture(false, 1, "standby")))).not.toBe(key);
    const owners = { kind: "owners" as const, at: "", networks: { switches: ["lb-a"] }, heard: ["lb-a"] };
    expect(moveKey(told(state, owners))).not.toBe(key);
    expect(moveKey(having(state, event(1, "drift")))).toBe(key);
  });
});

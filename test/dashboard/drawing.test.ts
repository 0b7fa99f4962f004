import { expect, test } from "vitest";
import type { LivePicture } from "../../src/api/live.js";
import { drawingOf } from "../../src/dashboard/model/drawing.js";
import { blank, told, withEvents } from "../../src/dashboard/model/state.js";
import { verdictOn } from "../../src/dashboard/model/verdict.js";
import { campus } from "../drill/campus.js";

const at = "2026-12-01T00:00:00.000Z";
const owners = (...names: string[]) => ({
  kind: "owners" as const,
  at,
  networks: Object.fromEntries(campus.networks.map(({ name }) => [name, names])),
  heard: names,
});
const picture = (healthy = true): LivePicture => ({
  ...{ kind: "picture", at, healthy, redundant: true, remarks: [], vpn_servers: [], trial: null },
  nodes: campus.nodes.map(({ name }, index) => ({
    ...{ name, role: index === 0 ? ("active" as const) : ("standby" as const), healthy: true, troubles: [] },
    ...{
      why: null,
      generation: { number: 1, digest: "abc" },
      maintenance: null,
      drift: false,
      program: null,
    },
    ...{ certificate_expires: null, last_takeover: null, sync: null, contradicts: [] },
  })),
  virtual_ips: campus.virtualIps.map(({ name, addresses }) => ({
    ...{ name, address: addresses[0]?.address ?? "", owners: ["lb-a"] },
  })),
  services: [],
});

test("a virtual IP stands at its owner, moves with him under the same key, and is at both where two say so", () => {
  const seen = (...names: string[]) =>
    drawingOf(campus, { owners: owners(...names), picture: picture() }, 800).pills;
  const [first] = seen("lb-a");
  const [moved] = seen("lb-b");
  expect(first?.key).toBe(moved?.key);
  expect(first?.x).toBeLessThan(moved?.x ?? 0);
  expect(seen("lb-a", "lb-b").filter(({ state }) => state === "contested")).toHaveLength(
    2 * campus.virtualIps.length,
  );
  expect(seen().map(({ state }) => state)).toEqual(campus.virtualIps.map(() => "lost"));
});

test.each([320, 800, 1_600])(
  "everything stays within a width of %d px, with 8 nodes and 200 servers",
  (width) => {
    const [node] = campus.nodes;
    const [service] = campus.services;
    if (!node || !service) throw new Error("campus has both");
    const many = {
      ...campus,
      nodes: Array.from({ length: 8 }, (_, index) => ({ ...node, name: `lb-${index}` })),
      services: [
        {
          ...service,
          servers: Array.from({ length: 200 }, (_, index) => ({
            ...{
              name: `c${index}`,
              family: 4 as const,
              address: "10.0.2.11",
              port: 1,
              weight: 1,
              backup: false,
            },
          })),
        },
      ],
    };
    const { boxes, height } = drawingOf(many, { owners: owners("lb-3"), picture: null }, width);
    expect(boxes.filter(({ kind }) => kind === "server")).toHaveLength(200);
    for (const box of boxes) {
      expect(box.x - box.width / 2).toBeGreaterThanOrEqual(0);
      expect(box.x + box.width / 2).toBeLessThanOrEqual(width);
      expect(box.y + box.height).toBeLessThanOrEqual(height);
    }
  },
);

test("the verdict follows the newest word on the owner, and says when nobody tells any more", () => {
  const state = [owners("lb-a"), picture()].reduce(told, { ...blank, node: "lb-b", cluster: campus });
  expect(verdictOn(state)).toMatchObject({ level: "good", words: "lb-a is active, healthy" });
  expect(verdictOn(told(state, owners("lb-b"))).words).toContain("lb-b is active");
  expect(verdictOn(told(state, owners("lb-a", "lb-b")))).toMatchObject({ level: "bad" });
  expect(verdictOn(told(state, owners()))).toMatchObject({ level: "bad", words: "nobody is active" });
  expect(verdictOn({ ...state, connected: false }).level).toBe("unknown");
});

test("an event that comes twice is known once, and all stand by time", () => {
  const event = (node: string, sequence: number, second: number) => ({
    ...{ sequence, node, at: `2026-12-01T00:00:0${second}.000Z`, kind: "role" as const, text: "" },
    details: {},
  });
  const [one, two, three] = [event("lb-a", 1, 3), event("lb-b", 1, 1), event("lb-a", 2, 2)];
  expect(withEvents(withEvents([], [one, two]), [one, three]).map(({ at: when }) => when.at(-6))).toEqual([
    ..."123",
  ]);
});

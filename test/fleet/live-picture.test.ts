import { expect, test } from "vitest";
import { livePictureSchema } from "../../src/api/live.js";
import { livePicture } from "../../src/fleet/live-picture.js";
import { mergeStatus } from "../../src/fleet/status.js";
import { nodeDown } from "../../src/observe/node.js";
import type { NodeState, ServerState } from "../../src/observe/state.js";
import { campus } from "../drill/campus.js";

const server = (name: string, up: boolean, rate = 2): ServerState => ({
  ...{ service: campus.services[0]?.name ?? "", name, up, status: up ? "UP" : "DOWN", refused: false },
  ...{ sessions: 4, rate },
});
const seen = (name: string, role: NodeState["role"], servers: readonly ServerState[]) => ({
  state: { ...nodeDown(name), role, haproxy: { process: "running" as const, servers } },
  natSessions: new Map<string, number>(),
});
const at = "2026-12-01T00:00:00.000Z";

test("a picture is of the shape that pages read, and says which node contradicts the active one", () => {
  const status = mergeStatus(campus, [
    seen("lb-a", "active", [server("c1", true), server("c2", true)]),
    seen("lb-b", "standby", [server("c1", true), server("c2", false)]),
  ]);
  const picture = livePicture(status, at);
  expect(livePictureSchema.parse(picture)).toEqual(picture);
  expect(picture.nodes.map(({ contradicts }) => contradicts)).toEqual([[], ["c2 of openflow is down"]]);
  expect(picture.services[0]).toMatchObject({ sessions: 8, rate: 4, mirror: null });
});

test("a node that does not answer is in it, with that", () => {
  const picture = livePicture(
    mergeStatus(campus, [
      seen("lb-a", "active", []),
      { state: nodeDown("lb-b"), natSessions: new Map<string, number>() },
    ]),
    at,
  );
  expect(picture.nodes[1]).toMatchObject({ name: "lb-b", role: "down", troubles: ["does not answer"] });
});

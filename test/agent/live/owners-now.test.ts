import { expect, test } from "vitest";
import type { Beat } from "../../../src/agent/beats/beat.js";
import { ownersNow } from "../../../src/agent/live/owners-now.js";

const beat = (node: string, vrrp: "master" | "backup") =>
  ({ node, networks: { switches: { vrrp, heard: [], silent: [], peers: [] } } }) as unknown as Beat;

test("whoever says of himself that he is master is an owner: both, where two do", () => {
  const own = { node: "lb-b", roles: new Map([["switches", "master" as const]]) };
  expect(ownersNow({ ...own, beats: [beat("lb-a", "backup")] })).toEqual({
    networks: { switches: ["lb-b"] },
    heard: ["lb-a", "lb-b"],
  });
  expect(ownersNow({ ...own, beats: [beat("lb-a", "master")] }).networks.switches).toEqual(["lb-a", "lb-b"]);
  const standby = { node: "lb-b", roles: new Map([["switches", "backup" as const]]) };
  expect(ownersNow({ ...standby, beats: [] })).toEqual({ networks: { switches: [] }, heard: ["lb-b"] });
});

import { describe, expect, test } from "vitest";
import type { Beat, BeatSync } from "../../../src/agent/beats/beat.js";
import { sceneOf } from "../../../src/agent/sync/sync-scene.js";

const word: BeatSync = { instance: 5, epoch: 9, entries: 40, pending: false };

const beat = (node: string, vrrp: "master" | "backup" | null, sync: BeatSync | null = word): Beat => ({
  ...{ node, boot: 1, sequence: 1, severity: 0, faults: [], yielding: false, generation: null },
  ...{ unsettled: false, digest: "d", sync },
  networks: {
    management: { vrrp: null, heard: [], silent: [], peers: [] },
    switches: { vrrp, heard: [], silent: [], peers: [] },
  },
});

describe("the part that a node has", () => {
  test("is what its keepalived says", () => {
    expect(sceneOf(new Map([["switches", "master"]]), []).role).toBe("active");
    expect(sceneOf(new Map([["switches", "backup"]]), []).role).toBe("standby");
    expect(sceneOf(new Map([["switches", "fault"]]), []).role).toBe("standby");
  });

  test("is active while its instances are on their way there", () => {
    const roles = new Map([
      ["controllers", "backup"],
      ["switches", "master"],
    ] as const);
    expect(sceneOf(roles, []).role).toBe("active");
  });

  test("is unknown before keepalived has spoken, unless a peer is active", () => {
    expect(sceneOf(new Map(), [beat("lb-b", "backup")]).role).toBe("unknown");
    expect(sceneOf(new Map([["switches", "init"]]), []).role).toBe("unknown");
    expect(sceneOf(new Map(), [beat("lb-b", "master")]).role).toBe("standby");
  });
});

test("the active peer is the one that is master somewhere, with what it says of its conntrackd", () => {
  const scene = sceneOf(new Map(), [beat("lb-c", "backup"), beat("lb-b", "master")]);
  expect(scene.active).toEqual({ node: "lb-b", word });
  expect(sceneOf(new Map(), [beat("lb-b", "master", null)]).active).toEqual({ node: "lb-b", word: null });
});

test("something has to arrive only while the conntrackd of some live peer runs", () => {
  expect(sceneOf(new Map(), [beat("lb-b", "backup")]).isSpokenTo).toBe(true);
  expect(sceneOf(new Map(), [beat("lb-b", "backup", { ...word, instance: 0 })]).isSpokenTo).toBe(false);
  expect(sceneOf(new Map(), [beat("lb-b", "backup", null)]).isSpokenTo).toBe(false);
});

test("one is waited for while some live peer does not hold everything", () => {
  const waiting = beat("lb-c", "backup", { ...word, pending: true });
  expect(sceneOf(new Map(), [beat("lb-b", "backup"), waiting]).isWaitedFor).toBe(true);
});

import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, describe, expect, test } from "vitest";
import { type LiveParts, LiveView } from "../../../src/agent/live/live-view.js";
import type { Event } from "../../../src/api/event.js";
import type { Live, LivePicture } from "../../../src/api/live.js";

const event = (node: string, sequence: number): Event => ({
  ...{ sequence, node, at: new Date(sequence * 1_000).toISOString(), kind: "role", text: "" },
  details: {},
});

const picture = (healthy: boolean): LivePicture => ({
  ...{ kind: "picture", at: new Date().toISOString(), healthy, redundant: true, remarks: [], nodes: [] },
  ...{ virtual_ips: [], services: [], vpn_servers: [], trial: null },
});

/** A cluster of two whose owner, health and events are what the test says. */
class Scene implements LiveParts {
  owner = "lb-a";
  healthy = true;
  looks = 0;
  readonly others: Event[] = [];
  readonly own: Event[] = [];

  owners = () => ({ networks: { switches: [this.owner] }, heard: ["lb-a", "lb-b"] });
  picture = async () => {
    this.looks += 1;
    return picture(this.healthy);
  };
  async *ownEvents(signal: AbortSignal) {
    for (let place = 0; !signal.aborted; await sleep(5))
      for (; place < this.own.length; place += 1) yield this.own[place] as Event;
  }
  otherEvents = async () => this.others.splice(0);
  failed(error: unknown) {
    throw error;
  }
}

const ended = new AbortController();
const readers: AbortController[] = [];
afterEach(() => {
  for (const reader of readers.splice(0)) reader.abort();
});

/** All that one page is told. */
function page(view: LiveView): { readonly told: Live[]; leave(): void } {
  const reader = new AbortController();
  readers.push(reader);
  const told: Live[] = [];
  void (async () => {
    for await (const { data } of view.follow(AbortSignal.any([reader.signal, ended.signal]))) told.push(data);
  })();
  return { told, leave: () => reader.abort() };
}

const until = async (is: () => boolean) => {
  for (const end = Date.now() + 5_000; !is(); await sleep(5))
    if (Date.now() > end) throw new Error("it never came");
};

const ownersIn = (told: readonly Live[]) =>
  told.flatMap((live) => (live.kind === "owners" ? live.networks.switches : []));

describe("what pages are told", () => {
  test("the newest of everything first, and a new owner as soon as he is known", async () => {
    const scene = new Scene();
    const view = new LiveView(scene);
    const one = page(view);
    await until(() => one.told.some(({ kind }) => kind === "picture"));
    scene.owner = "lb-b";
    await until(() => ownersIn(one.told).includes("lb-b"));
    // Nothing is told twice.
    expect(ownersIn(one.told)).toEqual(["lb-a", "lb-b"]);
    expect(one.told.filter(({ kind }) => kind === "picture")).toHaveLength(1);
    const late = page(view);
    await until(() => late.told.length === 2);
    expect(ownersIn(late.told)).toEqual(["lb-b"]);
  });

  test("every node's events, each once to each page", async () => {
    const scene = new Scene();
    const view = new LiveView(scene);
    const pages = [page(view), page(view)];
    await until(() => pages.every(({ told }) => told.length > 0));
    scene.own.push(event("lb-a", 1), event("lb-a", 2));
    scene.others.push(event("lb-b", 7));
    const eventsOf = (told: readonly Live[]) =>
      told.flatMap((live) => (live.kind === "event" ? `${live.event.node} ${live.event.sequence}` : []));
    await until(() => pages.every(({ told }) => eventsOf(told).length === 3));
    for (const { told } of pages) expect(eventsOf(told).sort()).toEqual(["lb-a 1", "lb-a 2", "lb-b 7"]);
  });

  test("is looked at once for all pages, and not at all when the last one is gone", async () => {
    const scene = new Scene();
    const view = new LiveView(scene);
    const pages = Array.from({ length: 20 }, () => page(view));
    await until(() => pages.every(({ told }) => told.some(({ kind }) => kind === "picture")));
    expect(scene.looks).toBe(1);
    for (const { leave } of pages) leave();
    await sleep(1_200);
    const before = scene.looks;
    await sleep(1_200);
    expect(scene.looks).toBe(before);
    scene.healthy = false;
    const again = page(view);
    await until(() => again.told.some((live) => live.kind === "picture" && !live.healthy));
  });
});

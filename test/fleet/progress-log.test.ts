import { describe, expect, test } from "vitest";
import type { Outcome, Progress } from "../../src/api/progress.js";
import { Changes } from "../../src/fleet/changes.js";
import { ProgressLog } from "../../src/fleet/progress-log.js";

const healthy = (node: string): Progress => ({ kind: "healthy", node, took: 1 });
const end: Outcome = {
  kind: "ended",
  outcome: "kept",
  generation: null,
  nodes: [],
  without: [],
  confirm_by: null,
  trouble: [],
};

async function heard(log: ProgressLog, after?: number, signal?: AbortSignal): Promise<string[]> {
  const said: string[] = [];
  for await (const { id, data } of log.follow(after, signal)) said.push(`${id} ${data.kind}`);
  return said;
}

describe("the progress of a change", () => {
  test("is told from its beginning to whoever comes, before its end and after it", async () => {
    const log = new ProgressLog();
    log.say(healthy("lb-b"));
    const early = heard(log);
    log.say(healthy("lb-a"));
    log.say(end);
    log.say(healthy("too late"));
    const whole = ["1 healthy", "2 healthy", "3 ended"];
    expect(await early).toEqual(whole);
    expect(await heard(log)).toEqual(whole);
    expect(await heard(log, 2)).toEqual(["3 ended"]);
  });

  test("ends for a follower who goes away, and for nobody else", async () => {
    const log = new ProgressLog();
    const gone = new AbortController();
    const [leaving, staying] = [heard(log, 0, gone.signal), heard(log)];
    gone.abort();
    expect(await leaving).toEqual([]);
    log.say(end);
    expect(await staying).toEqual(["1 ended"]);
  });

  test("has its end however much was said before", async () => {
    const log = new ProgressLog();
    for (let count = 0; count < 5_000; count++) log.say(healthy("lb-a"));
    log.say(end);
    expect((await heard(log)).at(-1)).toBe("1001 ended");
  });
});

describe("an agent", () => {
  test("coordinates one change at a time, and the next one after its end", async () => {
    const changes = new Changes();
    let finish: (outcome: Outcome) => void = () => undefined;
    const work = new Promise<Outcome>((resolve) => {
      finish = resolve;
    });
    const look = async () => ({ id: "one", leadsTo: 1, run: () => work });
    await changes.begin('the apply of anna ("add c4")', look);
    await expect(changes.begin('the apply of anna ("add c4")', look)).rejects.toThrow(
      /carries out another change, the apply of anna \("add c4"\) \(since \d\d:\d\d:\d\d UTC\): try again/,
    );
    finish(end);
    for await (const { data } of changes.follow("one")) expect(data).toEqual(end);
    await changes.alone("the switchover of anna", async () => undefined);
  });

  test("that was started again says that it knows nothing of the change", () => {
    expect(() => new Changes().follow("one")).toThrow("started again: see 'holdfast history'");
  });

  test("is free again when a change could not begin", async () => {
    const changes = new Changes();
    const refused = async () => {
      throw new Error("no");
    };
    await expect(changes.begin("the apply of anna", refused)).rejects.toThrow("no");
    await expect(changes.begin("the apply of anna", refused)).rejects.toThrow("no");
  });
});

import { afterEach, describe, expect, test } from "vitest";
import { untilEnded } from "../../src/cli/drill-run.js";
import { interruptible } from "../../src/cli/interruption.js";
import { DrillError, UnreadyError } from "../../src/drill/subject.js";

const streams = [process.stdout, process.stderr];
const before = { hup: process.listeners("SIGHUP"), errors: streams.map((each) => each.listeners("error")) };

afterEach(() => {
  for (const each of process.listeners("SIGHUP")) if (!before.hup.includes(each)) process.off("SIGHUP", each);
  for (const [index, stream] of streams.entries())
    for (const each of stream.listeners("error"))
      if (!before.errors[index]?.includes(each)) stream.off("error", each as () => void);
});

describe("what was begun is undone", () => {
  const undone = async (interrupt: () => void): Promise<string[]> => {
    const told: string[] = [];
    const work = interruptible(async (signal) => {
      interrupt();
      await new Promise<void>((resolve) => setTimeout(resolve, 1));
      interrupt();
      told.push(signal.aborted ? "undone" : "nobody said anything");
      signal.throwIfAborted();
    });
    await expect(work).rejects.toThrow("interrupted; what was broken is mended");
    interrupt();
    return told;
  };

  test("when the terminal goes away, however often that is said", async () => {
    expect(await undone(() => void process.emit("SIGHUP"))).toEqual(["undone"]);
  });

  test.each(streams)("when nobody reads any more", async (stream) => {
    expect(await undone(() => void stream.emit("error", new Error("write EPIPE")))).toEqual(["undone"]);
  });
});

test("nothing listens any longer once the work is done", async () => {
  await interruptible(async () => undefined);
  expect(process.listeners("SIGHUP")).toEqual(before.hup);
  expect(streams.map((each) => each.listeners("error"))).toEqual(before.errors);
});

describe("what was run before something ended it", () => {
  async function* twice(error: Error) {
    yield "first";
    throw error;
  }
  async function* never(error: Error): AsyncGenerator<string> {
    if (error.message !== "") throw error;
    yield "all";
  }
  const calm = new AbortController().signal;
  const interrupted = AbortSignal.abort(new Error("interrupted"));

  test("is kept with the reason, and only a cluster that is not ready is no failure to run it", async () => {
    expect(await untilEnded(twice(new UnreadyError("lb-a is gone")), calm)).toEqual({
      ...{ results: ["first"], unready: "lb-a is gone", failure: null },
    });
    const error = new DrillError("tc refused");
    expect(await untilEnded(twice(error), calm)).toEqual({
      ...{ results: ["first"], unready: "tc refused", failure: error },
    });
    expect(await untilEnded(twice(new Error("aborted")), interrupted)).toMatchObject({
      ...{ results: ["first"], unready: "interrupted" },
    });
  });

  test("is nothing where nothing was: the error itself is told", async () => {
    await expect(untilEnded(never(new DrillError("tc refused")), calm)).rejects.toThrow("tc refused");
    expect(await untilEnded(never(new DrillError("tc refused")), calm, ["a drill"])).toMatchObject({
      ...{ results: [], unready: "tc refused" },
    });
  });
});

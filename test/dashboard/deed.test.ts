import { describe, expect, test } from "vitest";
import { type Deed, mayBegin, type Turn, turned, untouched } from "../../src/dashboard/model/deed.js";

const course = (...turns: Turn[]): Deed => turns.reduce(turned, untouched);
const begin = { kind: "begin" } as const;
const failed = (message: string, status: number): Turn => ({ kind: "failed", message, status });

describe("what is done on the page", () => {
  test("is begun once, however often somebody clicks", () => {
    const doing = course(begin, { kind: "said", line: "lb-b: prepared" });
    expect(doing.phase).toBe("doing");
    expect(turned(doing, begin)).toBe(doing);
    const done = turned(doing, { kind: "done", words: ["lb-a -> lb-b: gap 4 ms"] });
    expect(done).toEqual({ phase: "done", said: ["lb-b: prepared"], words: ["lb-a -> lb-b: gap 4 ms"] });
    expect(turned(done, begin)).toBe(done);
  });

  test("may be asked for again when it was refused: nothing was done", () => {
    const refused = course(begin, failed("lb-b is not ready", 409));
    expect(refused).toMatchObject({ phase: "refused", words: ["lb-b is not ready"] });
    expect(mayBegin(refused)).toBe(true);
    expect(turned(refused, begin)).toEqual({ phase: "doing", said: [], words: [] });
  });

  test.each([
    ["no answer came", 0],
    ["the agent failed on the way", 500],
  ])("may have happened where %s, and is not done again from there", (message, status) => {
    const lost = course(begin, failed(message, status));
    expect(lost.phase).toBe("lost");
    expect(lost.words[0]).toBe(message);
    expect(lost.words[1]).toMatch(/may have happened.*look at the top/);
    expect(mayBegin(lost)).toBe(false);
    expect(turned(lost, begin)).toBe(lost);
  });
});

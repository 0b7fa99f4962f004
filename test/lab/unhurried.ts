import type { Drill } from "../../src/drill/drill.js";

/** Whether a bar in milliseconds holds is the bench's question, on a quiet machine. Here: what happens at all. */
export const unhurried = (drill: Drill): Drill => ({
  ...drill,
  expect: (of, situation) => {
    const expected = drill.expect(of, situation);
    return {
      ...expected,
      addressOutageAtMost: expected.addressOutageAtMost + 1_000,
      serviceOutageAtMost: expected.serviceOutageAtMost + 1_000,
      twoOwnersAtMost: expected.twoOwnersAtMost + 1_000,
      sessionsBackWithin: expected.sessionsBackWithin + 2_000,
    };
  },
});

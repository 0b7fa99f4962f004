import type { Drill } from "../../src/drill/drill.js";
import { wayBack } from "../../src/drill/expectation.js";
import { isThorough } from "../thorough.js";

/** Whether milliseconds hold is asked on a quiet machine, by `npm run soak` and the benches. Else: what happens at all. */
export const unhurried = (drill: Drill): Drill => ({
  ...drill,
  expect: (of, situation) => {
    const expected = drill.expect(of, situation);
    if (isThorough) return expected;
    return {
      ...expected,
      addressOutageAtMost: expected.addressOutageAtMost + 1_000,
      serviceOutageAtMost: expected.serviceOutageAtMost + 1_000,
      twoOwnersAtMost: expected.twoOwnersAtMost + 1_000,
      sessionsBackWithin: expected.sessionsBackWithin + 2_000,
    };
  },
  wayBack: (of) => {
    const promised = wayBack(of);
    if (isThorough) return promised;
    return {
      ...promised,
      addressOutageAtMost: promised.addressOutageAtMost + 1_000,
      serviceOutageAtMost: promised.serviceOutageAtMost + 1_000,
      twoOwnersAtMost: promised.twoOwnersAtMost + 1_000,
    };
  },
});

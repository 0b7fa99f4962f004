import { performance } from "node:perf_hooks";

/** Wall-clock milliseconds with a fraction, so that it compares with what fping and tcpdump print. */
export const now = (): number => performance.timeOrigin + performance.now();

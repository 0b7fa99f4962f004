import { setFlagsFromString } from "node:v8";

/** V8's own words for it. */
export const frugalFlags = [
  // Without the optimising compiler 15 MB less stay resident, and no compiler runs beside the watch.
  "--no-opt",
  // The young generation, of 1 MB, is collected once a second in less than a millisecond; with help from other threads
  // that costs more, and on a busy machine waits for the last of them.
  "--max-semi-space-size=1",
  "--semi-space-growth-factor=1",
  "--no-parallel-scavenge",
  "--no-concurrent-sweeping",
  // After a full collection the heap may grow by a good half before the next, and not to a multiple: a flood of dear
  // questions leaves megabytes of text behind each answer.
  "--heap-growing-percent=60",
];

/**
 * Has V8 live on little: an agent does the same small things a few times a second for months, and hardly ever runs hot.
 * To be called before anything else is loaded.
 */
export function liveOnLittle(): void {
  for (const flag of frugalFlags) setFlagsFromString(flag);
}

import { writeFileSync } from "node:fs";
import { setPriority } from "node:os";
import { Mirrors } from "./mirrors.js";
import type { Order, Word } from "./words.js";

// The copy never has the processor before what it is a copy of.
setPriority(10);
// Nor the memory: where that runs out, this process is the first to go (proc(5), oom_score_adj).
writeFileSync("/proc/self/oom_score_adj", "500");
const mirrors = new Mirrors((word: Word) => void process.send?.(word, undefined, undefined, () => undefined));
process.on("message", (order: Order) => mirrors.obey(order));
const end = (): void => {
  mirrors.stop();
  // What was handed to the connections still leaves.
  setTimeout(() => process.exit(0), 100);
};
process.on("SIGTERM", end);
process.on("SIGINT", () => undefined);
process.on("disconnect", end);

import type { Bench } from "./bench.js";
import { scaling } from "./scaling.js";
import { validateCli } from "./validate-cli.js";

export const benches: readonly Bench[] = [validateCli, scaling];

import { setTimeout as sleep } from "node:timers/promises";
import { bootedLab } from "../../machines/booted.js";
import { example } from "../lab/topology.js";

const [name = ""] = process.argv.slice(2);
await bootedLab(example("pair", name).cluster, () => undefined);
process.stdout.write("up\n");
await sleep(600_000);

import { machinesDown } from "./down.js";

// At the top: whoever imports this has its modules only until they are loaded.
const [cluster] = process.argv.slice(2);
if (cluster === undefined) throw new Error("usage: guard-watch.mjs CLUSTER");
await machinesDown(cluster);

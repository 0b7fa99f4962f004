import { labDown } from "../src/lab/down.js";
import { forgetAll } from "./nspawn.js";

/** Removes the cluster's machines and all that they left, also of a run that was killed: everything goes by its name. */
export async function machinesDown(cluster: string): Promise<void> {
  await labDown(cluster);
  await forgetAll(cluster);
}

import { readPool } from "../deploy/change-pool.js";
import type { Host } from "../host/host.js";
import { paths } from "../render/paths.js";
import type { Deviation } from "./deviation.js";
import type { KeptGeneration } from "./kept-generation.js";
import { poolDeviations } from "./pool-deviation.js";

/** HAProxy's file as it was rendered. */
export const haproxyFile = (kept: KeptGeneration): string | null =>
  kept.files.find(({ path }) => path === paths.haproxyCfg)?.body ?? null;

/** How HAProxy's servers stand otherwise than in the generation; nothing is known while HAProxy does not tell. */
export async function lookAtPool(host: Host, kept: KeptGeneration): Promise<Deviation[]> {
  const cfg = haproxyFile(kept);
  const answer = cfg === null ? null : await readPool(host);
  if (cfg === null || answer === null) return [];
  try {
    return poolDeviations(cfg, answer);
  } catch {
    return []; // It was cut off in the middle: the worker ended.
  }
}

import { z } from "zod";

/** How long a node's own timers are watched, and whether its processors are kept busy meanwhile. */
export const calibrationRequestSchema = z.object({
  seconds: z.int().min(1).max(300).default(30),
  load: z.boolean().default(false),
  /** Loads it although it is active. */
  active_too: z.boolean().default(false),
});
export type CalibrationRequest = z.infer<typeof calibrationRequestSchema>;

/** Stalls: how much later than it should a sleeping program of keepalived's priority ran. Milliseconds. */
export const calibrationSchema = z.object({
  node: z.string(),
  active: z.boolean(),
  load: z.boolean(),
  /** Of SCHED_RR (sched(7)); null where the machine permits none: there keepalived has none either. */
  priority: z.int().nullable(),
  processors: z.int(),
  /** That it was watched. */
  seconds: z.number(),
  /** 0: none reached a millisecond. */
  worst: z.number(),
  /** Stalls of at least so long and shorter than the next row's. */
  histogram: z.array(z.object({ from: z.number(), stalls: z.int() })),
  /** Times that a virtual router of this node changed its role meanwhile. */
  role_changes: z.int(),
  /** `became-active`: the load, and the watch with it, ended at once. */
  ended: z.enum(["in-full", "became-active"]),
});
export type Calibration = z.infer<typeof calibrationSchema>;

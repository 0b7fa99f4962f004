import { z } from "zod";

/** What every answer other than a 2xx holds. */
export const errorSchema = z.object({
  /** A sentence: what is wrong, and what to do. */
  error: z.string(),
  /** For programs, where there is more to say: the refusals of engines, the plan that is now another. */
  details: z.record(z.string(), z.unknown()).optional(),
});

/** A refusal's details where another node's agent may do what this one does not: whoever asks goes on to the next. */
export const elsewhere = { elsewhere: true } as const;

export const isElsewhere = (details: Readonly<Record<string, unknown>> | undefined): boolean =>
  details?.elsewhere === true;

/** Thrown by whoever answers a route: its words go to the asker, everything else about it stays here. */
export class ApiError extends Error {
  override readonly name = "ApiError";

  constructor(
    /** HTTP, 400 to 599. */
    readonly status: number,
    message: string,
    readonly details?: Readonly<Record<string, unknown>>,
    /** Seconds after which it is worth asking again. */
    readonly retryAfter?: number,
  ) {
    super(message);
  }
}

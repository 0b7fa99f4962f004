import { ApiError } from "../api/api-error.js";

/** Nothing was done, and nothing is wrong with the agent: the message says why not, and what to do. */
export class Refusal extends ApiError {
  constructor(message: string, details?: Readonly<Record<string, unknown>>) {
    super(409, message, details);
  }
}

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

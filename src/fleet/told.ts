import { ApiError, elsewhere, isElsewhere } from "../api/api-error.js";
import { RefusedError } from "../deploy/apply.js";
import { TopologyError } from "../deploy/rendered.js";
import { RefusedCall } from "./client-errors.js";
import { messageOf } from "./refusal.js";

/** What went wrong on a node is for whoever asked: a change's errors are answered in their own words. */
export async function told<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw asApiError(error);
  }
}

function asApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  if (error instanceof RefusedError) return new ApiError(422, error.message, { refusals: error.refusals });
  if (error instanceof TopologyError)
    return new ApiError(422, error.message, { problems: error.message.split("\n") });
  // Peers do not know this node.
  if (error instanceof RefusedCall && isElsewhere(error.details))
    return new ApiError(409, error.message, elsewhere);
  return new ApiError(500, messageOf(error));
}

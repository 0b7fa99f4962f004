import type { Notice } from "./notice.js";

/**
 * What a receiver of JSON gets; its shape changes with its version only.
 *
 * @param leftOut notices since the last one that were too many to be told
 */
export const jsonMessage = (notice: Notice, leftOut = 0) => ({
  schema: "holdfast/notice/v1" as const,
  ...notice,
  left_out: leftOut,
});

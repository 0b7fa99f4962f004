import type { DrillResult } from "../report.js";
import type { Timeline } from "../timeline.js";

/** What a timeline is drawn of. */
export interface Drawable {
  readonly drill: string;
  readonly timeline: Timeline;
  readonly seen: Pick<DrillResult["seen"], "noise" | "addresses" | "serviceOutage">;
  /** Null where what is allowed is no single time. */
  readonly expected: Pick<
    DrillResult["expected"],
    "addressOutageAtMost" | "serviceOutageAtMost" | "sessionsBackWithin"
  > | null;
}

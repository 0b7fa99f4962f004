import { z } from "zod";
import type { MirrorReport } from "../../mirror/report.js";

const count = z.number();

/** As much as is looked at here: it is root's own program that speaks, of this version or another. */
const schema = z.object({
  /** Of the process that speaks. */
  pid: z.number().int().positive().nullable().default(null),
  services: z.array(
    z.looseObject({
      service: z.string(),
      trouble: z.string().nullable(),
      refused: count,
      switches: z.array(
        z.looseObject({
          ...{ state: z.string(), why: z.string(), datapath: z.string().nullable() },
          types: z.record(z.string(), count),
          queued: z.object({ messages: count, bytes: count }),
        }),
      ),
      totals: z.object({ messages: count, dropped: count, resyncs: count, lostBytes: count }),
    }),
  ),
});

export interface MultiplexerLine {
  readonly pid: number | null;
  readonly services: readonly MirrorReport[];
}

/** What the multiplexer says of itself and of each service. @throws Error where it is something else */
export const multiplexerLine = (line: string): MultiplexerLine =>
  schema.parse(JSON.parse(line)) as unknown as MultiplexerLine;

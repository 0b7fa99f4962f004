import { z } from "zod";
import { nameSchema } from "./documents.js";

/** Base64 of at most so many bytes. */
const base64 = (most: number) => z.base64().max(Math.ceil(most / 3) * 4);

/** Both ends of a TCP connection over IPv4 or IPv6, 12 or 36 bytes. */
const key = z.base64().regex(/^(?:.{16}|.{48})$/, "no key of a connection");

const message = base64(65_536);

const memorySchema = z.strictObject({
  version: z.int().min(1).max(6),
  hello: message.nullable(),
  features: message,
  config: message.nullable(),
  desc: message.nullable(),
  ports: base64(1_048_576).nullable(),
  generation: z
    .string()
    .regex(/^\d{1,20}$/)
    .optional(),
});

/** What became of the streams of one service: as it goes to other nodes, and as a node keeps it. */
export const streamNewsSchema = z.strictObject({
  service: nameSchema,
  told: z
    .array(
      z.strictObject({
        key,
        position: z.int().min(0).max(0xffffffff),
        waiting: z.int().min(0),
        silent: z.boolean().optional(),
        memory: memorySchema.optional(),
      }),
    )
    .max(4_096),
  gone: z.array(key).max(65_536),
});

/** What the node that mirrors tells those that may go on with it: a series, each with the number behind the one before. */
export const streamSeriesSchema = z.strictObject({
  /** The series. */
  run: z.string().min(1).max(64),
  number: z.int().min(0),
  /** All that was told before is void. */
  begin: z.boolean(),
  news: z.array(streamNewsSchema).max(4_096),
});

/** Whether the hearer lacks something, and wants to hear all. */
export const streamAnswerSchema = z.object({ whole: z.boolean() });

export type StreamSeries = z.infer<typeof streamSeriesSchema>;

import { z } from "zod";

/** A prefix in canonical text has no more characters. */
const destination = z.string().min(1).max(64);
const count = z.int().min(0);

const claimSchema = z.strictObject({
  destination,
  name: z
    .string()
    .min(1)
    .max(256)
    .regex(/^[^\0-\x1f\x7f]*$/),
  since: count,
  sequence: count,
});

/** What a VPN server's agent tells another's: what is reached through its clients (vpn/claims.ts). */
export const claimMessageSchema = z.strictObject({
  epoch: count,
  number: count,
  news: z
    .array(
      z.strictObject({
        number: count,
        whole: z.boolean(),
        claimed: z.array(claimSchema).max(65_536),
        released: z.array(destination).max(65_536),
      }),
    )
    .max(256),
});

export const claimAnswerSchema = z.object({
  /** The hearer lacks something, and wants to hear all. */
  whole: z.boolean(),
  /** The latest start of the teller's agent that the hearer knows of. */
  epoch: count.optional(),
});

export type ClaimAnswer = z.infer<typeof claimAnswerSchema>;

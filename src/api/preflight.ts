import { z } from "zod";
import { checks, statuses } from "../preflight/finding.js";
import { nameSchema } from "./documents.js";

const sentence = z.string().max(4_000);

export const findingSchema = z.object({
  check: z.enum(checks),
  status: z.enum(statuses),
  /** Where: a device, a network, a file, another machine. */
  place: sentence,
  text: sentence,
  /** What to do about it. */
  cure: sentence.nullable(),
});

/** What one node found about itself and its networks. */
export const nodePreflightSchema = z.object({
  node: nameSchema,
  program: z.string().max(100),
  active: z.boolean(),
  /** Its own clock when it was asked and when it answered, milliseconds since the epoch. */
  received: z.number(),
  answered: z.number(),
  /** By network. */
  mtus: z.record(z.string(), z.int()),
  /** By engine. */
  versions: z.record(z.string(), z.string().max(200)),
  /** What it heard of protocol 112 from each peer; who sent some, whoever asks knows. */
  adverts: z.array(
    z.object({
      network: z.string(),
      device: z.string(),
      peer: z.string(),
      own: z.string(),
      address: z.string(),
      /** Packets that came through the INPUT chain, and those that a capture saw before it; null where none ran. */
      received: z.int().nullable(),
      seen: z.int().nullable(),
      /** Why none could be sent or heard. */
      refused: sentence.nullable(),
    }),
  ),
  /** On which networks it hears its peers' beats; null where none is due, as no topology runs. */
  beats: z.array(z.object({ network: z.string(), peer: nameSchema, heard: z.boolean() })).nullable(),
  /** Its link-layer addresses, and which ones it heard to claim an address: only who knows all nodes' can say whose they are. */
  macs: z.array(z.string().max(100)),
  claims: z.array(
    z.object({
      network: z.string(),
      device: z.string(),
      address: z.string(),
      kind: z.enum(["virtual", "captured", "own"]),
      /** Null where nobody could be asked or heard, and then why. */
      heard: z.array(z.string().max(100)).nullable(),
      refused: sentence.nullable(),
    }),
  ),
  findings: z.array(findingSchema).max(5_000),
});

export type NodePreflight = z.infer<typeof nodePreflightSchema>;

/** The same of all nodes, with what comes of comparing them. */
export const preflightSchema = z.object({
  cluster: z.string(),
  asked: nameSchema,
  /** The gravest. */
  verdict: z.enum(statuses),
  nodes: z.array(z.object({ node: nameSchema, active: z.boolean(), answered: z.boolean() })),
  findings: z.array(findingSchema.extend({ node: nameSchema })),
});

export type PreflightDocument = z.infer<typeof preflightSchema>;

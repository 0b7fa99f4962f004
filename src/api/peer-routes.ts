import { z } from "zod";
import { proposalSchema, recordSchema, surveySchema, wordSchema } from "../deploy/transaction.js";
import {
  generationSchema,
  historyEntrySchema,
  maintenanceSchema,
  nameSchema,
  topologySchema,
} from "./documents.js";
import { authorSchema, reasonSchema } from "./line.js";
import { streamAnswerSchema, streamSeriesSchema } from "./mirror.js";
import { nodePreflightSchema } from "./preflight.js";
import type { Route } from "./route.js";
import { claimAnswerSchema, claimMessageSchema } from "./vpn.js";

/** Milliseconds for which a node may be asked to step back. */
export const longestYield = 60_000;

const mebibyte = 1024 * 1024;
const id = z.string().min(1).max(64);
const json = <S extends z.ZodType>(schema: S) => ({ kind: "json" as const, schema });
const record = json(recordSchema);

/** What agents ask of each other: a node's part in a change of all (deploy/participant.ts), and planned moves. */
export const peerRoutes = {
  peerSurvey: {
    method: "GET",
    path: "/v1/peer/survey",
    role: "node",
    summary: "this node's program, generations and last change",
    answer: json(surveySchema),
  },
  peerRender: {
    method: "POST",
    path: "/v1/peer/render",
    role: "node",
    summary: "render this topology, for a plan that will be asked for",
    body: z.object({ topology: topologySchema }),
    answer: json(z.object({ done: z.literal(true) })),
  },
  peerPlan: {
    method: "POST",
    path: "/v1/peer/plan",
    role: "node",
    summary: "what this topology would change on this node; changes nothing",
    body: z.object({ topology: topologySchema, generation: generationSchema.strict() }),
    // A plan holds both texts of every file that differs, with its diff.
    largestAnswer: 64 * mebibyte,
    answer: json(z.record(z.string(), z.unknown())),
  },
  peerPreflight: {
    method: "POST",
    path: "/v1/peer/preflight",
    role: "node",
    summary: "what on this node and its networks would stop this topology from working; changes nothing",
    body: z.object({ topology: topologySchema }),
    answer: json(nodePreflightSchema),
  },
  peerPrepare: {
    method: "POST",
    path: "/v1/peer/prepare",
    role: "node",
    summary: "render, stage, check and lock; nothing that runs changes",
    body: z.object({ proposal: proposalSchema.strict(), topology: topologySchema }),
    answer: json(z.object({ checked: z.array(z.string()) })),
  },
  peerCommit: {
    method: "POST",
    path: "/v1/peer/commit",
    role: "node",
    summary: "put what was prepared in place, or put everything back",
    body: z.object({ id }),
    answer: json(z.object({ changes: z.int().min(0) })),
  },
  peerGate: {
    method: "POST",
    path: "/v1/peer/gate",
    role: "node",
    summary: "wait until this node is as fit as it was; the last gate goes through its virtual IPs",
    body: z.object({ id, last: z.boolean() }),
    answer: json(z.object({ endpoints: z.array(z.string()) })),
  },
  peerTrial: {
    method: "POST",
    path: "/v1/peer/trial",
    role: "node",
    summary: "from now, go back after the proposal's timeout unless it is kept",
    body: z.object({ id }),
    answer: record,
  },
  peerHear: {
    method: "POST",
    path: "/v1/peer/hear",
    role: "node",
    summary: "what others say of this change; the answer is what this node now has of it",
    body: z.object({ id, words: z.array(wordSchema.strict()).max(256) }),
    answer: json(recordSchema.nullable()),
  },
  peerRecord: {
    method: "GET",
    path: "/v1/peer/record",
    role: "node",
    summary: "the last change that this node took part in",
    answer: json(recordSchema.nullable()),
  },
  peerGeneration: {
    method: "GET",
    path: "/v1/peer/generation",
    role: "node",
    summary: "the newest kept generation, for a node that was away",
    answer: json(
      z
        .object({
          entry: historyEntrySchema.extend({ author: authorSchema, message: reasonSchema }),
          topology: topologySchema,
        })
        .nullable(),
    ),
  },
  peerMaintenance: {
    method: "POST",
    path: "/v1/peer/maintenance",
    role: "node",
    summary: "who is out of service; the answer is the newest word on each node",
    body: z.object({ notes: maintenanceSchema }),
    answer: json(z.object({ notes: maintenanceSchema })),
  },
  peerRevocations: {
    method: "PUT",
    path: "/v1/peer/revocations",
    role: "node",
    summary: "the revocation list that a peer judges by; it is taken where it is newer",
    body: z.object({ crl: z.string().max(256 * 1024) }),
    answer: json(z.object({ done: z.literal(true) })),
  },
  peerStreams: {
    method: "POST",
    path: "/v1/peer/streams",
    role: "node",
    summary: "what the switches told this node's peer, which mirrors them, and how far it copied",
    body: streamSeriesSchema,
    answer: json(streamAnswerSchema),
  },
  peerVpnClaims: {
    method: "POST",
    path: "/v1/peer/vpn-claims",
    role: "node",
    summary: "what is reached through the clients of this VPN server's peer",
    body: claimMessageSchema,
    answer: json(claimAnswerSchema),
  },
  peerTakeOver: {
    method: "POST",
    path: "/v1/peer/take-over",
    role: "node",
    summary: "become active while these nodes step back, and measure the gap",
    body: z.object({ from: nameSchema, aside: z.array(nameSchema).max(256), by: authorSchema }),
    /** Milliseconds, the first of them since the epoch. */
    answer: json(z.object({ at: z.number(), gap: z.number() })),
  },
  yield: {
    method: "POST",
    path: "/v1/peer/yield",
    role: "node",
    summary: "step back for a planned move",
    body: z.object({ milliseconds: z.number().positive().max(longestYield) }),
    answer: json(z.object({ done: z.literal(true) })),
  },
} as const satisfies Record<string, Route>;

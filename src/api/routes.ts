import { z } from "zod";
import { calibrationRequestSchema, calibrationSchema } from "./calibration.js";
import { checkRoutes } from "./check-routes.js";
import {
  driftItemSchema,
  eventSchema,
  generationSchema,
  historyEntrySchema,
  nameSchema,
  topologySchema,
  transactionSchema,
} from "./documents.js";
import { drillNoteSchema } from "./drill-note.js";
import { lineSchema } from "./line.js";
import { liveSchema } from "./live.js";
import { peerRoutes } from "./peer-routes.js";
import { preflightSchema } from "./preflight.js";
import { progressSchema } from "./progress.js";
import type { Route } from "./route.js";
import { sessionRoutes } from "./session-routes.js";

const json = <S extends z.ZodType>(schema: S) => ({ kind: "json" as const, schema });
const events = <S extends z.ZodType>(schema: S) => ({ kind: "events" as const, schema });
const text = { kind: "text" } as const;
/** Prometheus' text exposition format, version 0.0.4. */
const metrics = { kind: "text", type: "text/plain; version=0.0.4; charset=utf-8" } as const;
/** A document whose shape is documented where it is made (status, plan, a node's state). */
const document = json(z.record(z.string(), z.unknown()));
const mebibyte = 1024 * 1024;
const done = json(z.object({ done: z.literal(true) }));

/** Milliseconds, 5 s to 1 h; null keeps the generation without a confirmation. */
const confirmTimeoutSchema = z.int().min(5_000).max(3_600_000).nullable().default(null);

/** Every route of the agent. No route takes a command or a rendered text: a change is a topology, which the node renders itself. */
export const routes = {
  health: { method: "GET", path: "/healthz", role: null, summary: "the agent runs", answer: text },
  ready: {
    method: "GET",
    path: "/readyz",
    role: null,
    summary: "this node could serve now (else 503)",
    answer: text,
  },
  metrics: {
    method: "GET",
    path: "/metrics",
    role: "viewer",
    summary: "Prometheus metrics",
    answer: metrics,
  },
  openapi: {
    method: "GET",
    path: "/v1/openapi.json",
    role: "viewer",
    summary: "this document",
    answer: document,
  },

  state: {
    // A VPN server has a hundred bytes for each route.
    largestAnswer: 64 * mebibyte,
    method: "GET",
    path: "/v1/state",
    role: "viewer",
    summary: "what the agent itself knows",
    answer: document,
  },
  node: {
    method: "GET",
    path: "/v1/node",
    role: "viewer",
    summary: "this node as its engines describe it",
    answer: document,
  },
  status: {
    method: "GET",
    path: "/v1/status",
    role: "viewer",
    summary: "the whole cluster, asked of all nodes",
    answer: document,
  },
  drift: {
    method: "GET",
    path: "/v1/drift",
    role: "viewer",
    summary: "where this node differs from its generation",
    answer: json(z.object({ node: z.string(), items: z.array(driftItemSchema) })),
  },
  topology: {
    method: "GET",
    path: "/v1/topology",
    role: "viewer",
    summary: "the topology that runs, as it was written",
    answer: json(z.object({ generation: generationSchema, topology: topologySchema })),
  },
  history: {
    method: "GET",
    path: "/v1/history",
    role: "viewer",
    summary: "generations on this node, newest first",
    answer: json(
      z.object({
        node: z.string(),
        /** It is left out of changes: its peers may have newer generations. */
        in_maintenance: z.boolean(),
        entries: z.array(historyEntrySchema),
        /** Sentences: generations that cannot be read any more. */
        damaged: z.array(z.string()),
        transaction: transactionSchema.nullable(),
      }),
    ),
  },
  generation: {
    method: "GET",
    path: "/v1/history/:number",
    role: "viewer",
    summary: "one generation's topology",
    params: z.object({ number: z.coerce.number<number | string>().int().positive() }),
    answer: json(z.object({ entry: historyEntrySchema, topology: topologySchema })),
  },
  events: {
    method: "GET",
    path: "/v1/events",
    role: "viewer",
    summary: "what happened on this node, oldest first",
    query: z.object({
      after: z.coerce.number<number | string>().int().min(0).default(0),
      /** The newest that fit the limit instead of the oldest. */
      last: z.stringbool().default(false),
      limit: z.coerce.number<number | string>().int().min(1).max(1000).default(100),
    }),
    answer: json(z.object({ node: z.string(), events: z.array(eventSchema) })),
  },
  follow: {
    method: "GET",
    path: "/v1/events/stream",
    role: "viewer",
    summary: "the same, as it happens",
    query: z.object({ after: z.coerce.number<number | string>().int().min(0).optional() }),
    answer: events(eventSchema),
  },

  live: {
    method: "GET",
    path: "/v1/live",
    role: "viewer",
    summary:
      "the whole cluster as it changes: who holds the virtual IPs, a picture of all, every node's events",
    answer: events(liveSchema),
  },
  clusterEvents: {
    method: "GET",
    path: "/v1/cluster/events",
    role: "viewer",
    summary: "the newest of what happened on all nodes, oldest first",
    query: z.object({ limit: z.coerce.number<number | string>().int().min(1).max(1000).default(300) }),
    /** `silent`: machines that did not answer. */
    answer: json(z.object({ events: z.array(eventSchema), silent: z.array(nameSchema) })),
  },
  cluster: {
    method: "GET",
    path: "/v1/cluster",
    role: "viewer",
    summary: "the topology that runs with every default filled in, and which node says so",
    answer: json(z.object({ node: nameSchema, cluster: z.record(z.string(), z.unknown()) })),
  },

  plan: {
    method: "POST",
    path: "/v1/plan",
    role: "operator",
    summary: "what this topology would change on every node",
    body: z.object({ topology: topologySchema, without: z.array(nameSchema).default([]) }),
    answer: document,
  },
  apply: {
    method: "POST",
    path: "/v1/applies",
    role: "operator",
    summary:
      "bring every node to this topology, or none; this node coordinates whatever becomes of the asker",
    body: z.object({
      topology: topologySchema,
      /** Of the plan that was looked at: it is refused if it would now be another. */
      plan: z.string().nullable().default(null),
      message: lineSchema(400).default(""),
      without: z.array(nameSchema).default([]),
      confirm_timeout: confirmTimeoutSchema,
    }),
    /** `leads_to` is the number of the generation that runs at the end, if all goes well. */
    answer: json(z.object({ id: z.string(), leads_to: z.int() })),
  },
  progress: {
    method: "GET",
    path: "/v1/applies/:id/progress",
    role: "operator",
    summary: "an apply's progress from its beginning to its end",
    params: z.object({ id: z.string().max(64) }),
    answer: events(progressSchema),
  },
  confirm: {
    method: "POST",
    path: "/v1/confirm",
    role: "operator",
    summary: "keep the generation that is on trial",
    /** `without`: nodes that will never vote. */
    body: z.object({ without: z.array(nameSchema).default([]) }),
    answer: json(
      z.object({ generation: generationSchema, nodes: z.array(z.string()), silent: z.array(z.string()) }),
    ),
  },
  rollback: {
    method: "POST",
    path: "/v1/rollback",
    role: "operator",
    summary: "end a trial at once, or bring back an older generation's topology as an apply",
    body: z.object({
      /** Null ends the trial that runs. */
      generation: z.int().positive().nullable().default(null),
      message: lineSchema(400).default(""),
      without: z.array(nameSchema).default([]),
      /** As of an apply. */
      confirm_timeout: confirmTimeoutSchema,
    }),
    /** `leads_to` is the number of the generation that runs at the end. */
    answer: json(z.object({ id: z.string(), leads_to: z.int() })),
  },
  switchover: {
    method: "POST",
    path: "/v1/switchover",
    role: "operator",
    summary: "move the virtual IPs as planned, and measure the gap",
    body: z.object({ to: nameSchema.nullable().default(null), force: z.boolean().default(false) }),
    answer: json(
      z.object({
        from: z.string(),
        to: z.string(),
        at: z.iso.datetime(),
        gap: z.number(),
        verdict: z.string(),
      }),
    ),
  },
  maintenance: {
    method: "POST",
    path: "/v1/maintenance",
    role: "operator",
    summary: "take a node out of service for long, or back into it",
    body: z.object({ node: nameSchema, on: z.boolean(), force: z.boolean().default(false) }),
    /** `already`: it was so before. `silent`: nodes that learn of it from the others. */
    answer: json(
      z.object({ node: z.string(), on: z.boolean(), already: z.boolean(), silent: z.array(z.string()) }),
    ),
  },
  calibrate: {
    method: "POST",
    path: "/v1/calibrations",
    role: "operator",
    summary:
      "how late this node's timers wake a program of keepalived's priority, idle or with busy processors",
    body: calibrationRequestSchema,
    answer: json(calibrationSchema),
  },
  preflight: {
    method: "POST",
    path: "/v1/preflights",
    role: "operator",
    summary: "what on the nodes and on the wire would stop this topology from working; changes nothing",
    /** Null: the topology that runs. */
    body: z.object({ topology: topologySchema.nullable().default(null) }),
    answer: json(preflightSchema),
  },
  drill: {
    method: "POST",
    path: "/v1/drills",
    role: "operator",
    summary: "note in this node's events that a drill begins, or how it ended; breaks nothing",
    body: drillNoteSchema,
    answer: done,
  },
  revocations: {
    method: "PUT",
    path: "/v1/pki/revocations",
    role: "operator",
    summary: "a newer revocation list, signed by the cluster's authority",
    body: z.object({ crl: z.string().max(256 * 1024) }),
    answer: done,
  },
  certificateRequest: {
    method: "POST",
    path: "/v1/pki/request",
    role: "operator",
    summary: "make a new key on this node and ask for its certificate",
    answer: json(z.object({ request: z.string() })),
  },
  certificate: {
    method: "PUT",
    path: "/v1/pki/certificate",
    role: "operator",
    summary: "the certificate for the key that was made last",
    body: z.object({ certificate: z.string().max(64 * 1024) }),
    answer: done,
  },

  ...sessionRoutes,
  ...checkRoutes,
  ...peerRoutes,
} as const satisfies Record<string, Route>;

export type RouteName = keyof typeof routes;

import { z } from "zod";
import { quote } from "../quote.js";
import { mirrorSchema } from "./mirror.js";
import {
  addressSchema,
  distinct,
  durationSchema,
  integerSchema,
  nameSchema,
  portSchema,
  reference,
} from "./scalars.js";

/**
 * An absolute path with an optional query (RFC 3986, 3.3 and 3.4), complete percent escapes only. Of its sub-delims,
 * those that mean something to a configuration file or a shell are left out: they can be escaped.
 */
const httpPathPattern = /^\/(?:[A-Za-z0-9._~&+,;=:@/?-]|%[0-9A-Fa-f]{2}){0,1023}$/;

const versions = ["1.0", "1.1", "1.2", "1.3", "1.4", "1.5"] as const;

/** Keys that only one type of check reads. */
const keyOwner = { openflow_versions: "openflow", path: "http", expect: "http" } as const;

const healthCheckSchema = z
  .strictObject({
    type: z
      .enum(["openflow", "tcp", "tls", "http"], { error: "must be openflow, tcp, tls or http" })
      .describe(
        "What a server must do to be up: greet as an OpenFlow controller, accept TCP, speak TLS, answer HTTP.",
      ),
    interval: durationSchema({ from: 10, to: 3_600_000 })
      .prefault("1s")
      .describe("Time between two checks. Default 1s."),
    timeout: durationSchema({ from: 10, to: 3_600_000 })
      .optional()
      .describe(
        "How long a check waits for its answer, at most the interval. Default 1s, or the interval if that is less.",
      ),
    rise: integerSchema(1, 100).default(2).describe("Good checks in a row until a server is up. Default 2."),
    fall: integerSchema(1, 100).default(3).describe("Bad checks in a row until a server is down. Default 3."),
    openflow_versions: z
      .array(
        z.enum(versions, {
          error: `must be one of ${versions.map((version) => `"${version}"`).join(", ")}, in quotes`,
        }),
      )
      .min(1, { error: "at least one version is needed" })
      .refine(distinct, { error: "a version stands twice" })
      .optional()
      .meta({ default: ["1.0", "1.3"] })
      .describe('OpenFlow versions that the check offers, in quotes; openflow only. Default ["1.0", "1.3"].'),
    path: z
      .string()
      .regex(httpPathPattern, {
        error: ({ input }) =>
          `${quote(String(input))} is not an absolute path with an optional query (RFC 3986, 3.3); escape other characters as %XX`,
      })
      .optional()
      .meta({ default: "/" })
      .describe("Path that the check asks for; http only. Default /."),
    expect: integerSchema(100, 599)
      .optional()
      .meta({ default: 200 })
      .describe("HTTP status of a good answer, 100 to 599; http only. Default 200."),
  })
  .superRefine((check, context) => {
    for (const [key, type] of Object.entries(keyOwner))
      if (check[key as keyof typeof keyOwner] !== undefined && check.type !== type)
        context.addIssue({
          code: "custom",
          path: [key],
          message: `only a check of type ${type} has this key`,
        });
  })
  .transform((check) => ({
    ...check,
    timeout: check.timeout ?? Math.min(1000, check.interval),
    openflow_versions: check.openflow_versions ?? (["1.0", "1.3"] as const),
    path: check.path ?? "/",
    expect: check.expect ?? 200,
  }));

const serverSchema = z.strictObject({
  name: nameSchema.describe("Name of the server, unique in its service."),
  address: addressSchema.describe("The server's address."),
  port: portSchema.describe("TCP port of the server, 1 to 65535."),
  weight: integerSchema(0, 256)
    .default(1)
    .describe(
      "Share of the new sessions, 1 to 256; with 0 it drains: it keeps its sessions and gets no new ones. Default 1.",
    ),
  backup: z.boolean().default(false).describe("Used only while no other server is up. Default false."),
});

export const serviceSchema = z.strictObject({
  name: nameSchema.describe("Name of the service."),
  listen: z
    .strictObject({
      virtual_ip: reference("the virtual IP on which the service listens"),
      port: portSchema.describe("TCP port, 1 to 65535."),
    })
    .describe("Where clients find the service."),
  mode: z
    .enum(["proxy", "nat"], { error: "must be proxy or nat" })
    .describe("proxy: HAProxy ends the session; nat: the kernel translates it."),
  balance: z
    .enum(["source", "leastconn", "roundrobin"], { error: "must be source, leastconn or roundrobin" })
    .default("source")
    .describe(
      "source: a client keeps its server; roundrobin: by turns; leastconn: with proxy only. Default source.",
    ),
  transparent: z
    .boolean()
    .default(false)
    .describe("proxy only: servers see the client's own address. Default false."),
  health_check: healthCheckSchema
    .prefault({ type: "tcp" })
    .describe("How servers are checked. Default: type tcp."),
  servers: z.array(serverSchema).min(1, { error: "at least one server is needed" }).describe("The pool."),
  mirror: mirrorSchema
    .optional()
    .describe("A master controller that gets a copy of all that the switches say. Default none."),
});

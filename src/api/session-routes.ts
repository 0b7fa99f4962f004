import { z } from "zod";
import type { Route } from "./route.js";
import { signInCodeSchema, signInSchema, whoSchema } from "./session.js";

const json = <S extends z.ZodType>(schema: S) => ({ kind: "json" as const, schema });

/** How a person's browser comes to a session (docs/decisions/0040-browsers.md). */
export const sessionRoutes = {
  signInCode: {
    method: "POST",
    path: "/v1/session/codes",
    role: "viewer",
    summary: "a code with which a browser signs in as the asker, good once and for two minutes",
    /** `viewer`: the session may look and no more, whatever the asker may. */
    body: z.object({ viewer: z.boolean().default(false) }),
    answer: json(signInCodeSchema),
  },
  signIn: {
    method: "POST",
    path: "/v1/session",
    role: null,
    summary: "begin the session that a code stands for; the answer brings its cookie",
    body: signInSchema,
    largestBody: 1024,
    answer: json(whoSchema),
  },
  session: {
    method: "GET",
    path: "/v1/session",
    role: null,
    summary: "whom this agent takes the asker for; null for nobody",
    answer: json(z.object({ who: whoSchema.nullable() })),
  },
  signOut: {
    method: "DELETE",
    path: "/v1/session",
    role: "viewer",
    summary: "end the session whose cookie comes along",
    answer: json(z.object({ done: z.literal(true) })),
  },
} as const satisfies Record<string, Route>;

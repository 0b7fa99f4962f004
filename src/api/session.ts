import { z } from "zod";
import { nameSchema } from "./documents.js";

/** Letters of base64url: 16 bytes make 22 of them. */
const codeSchema = z.string().regex(/^[\w-]{16,64}$/);

/** Whom the agent takes an asker for. */
export const whoSchema = z.object({
  name: z.string(),
  role: z.enum(["viewer", "operator", "node"]),
  /** `root` came by the node's own socket. */
  how: z.enum(["certificate", "session", "root"]),
  /** ISO 8601: the certificate's end, or the session's; null of root. */
  until: z.string().nullable(),
});

export type Who = z.output<typeof whoSchema>;

/** With which a person's browser is signed in, once. */
export const signInCodeSchema = z.object({
  node: nameSchema,
  /** Where the node's page is: `10.0.9.2:7443`. */
  place: z.string().regex(/^[a-z0-9.:[\]-]{1,64}$/),
  code: codeSchema,
  /** As whom it signs in. */
  name: z.string(),
  role: z.enum(["viewer", "operator"]),
  /** Seconds for which the code is good. */
  seconds: z.int().positive(),
  /** Of the node's certificate, SHA-256: a browser that does not know the authority shows the same. */
  fingerprint: z.string().regex(/^[0-9A-F]{2}(:[0-9A-F]{2}){31}$/),
});

export type SignInCode = z.output<typeof signInCodeSchema>;

export const signInSchema = z.object({ code: codeSchema });

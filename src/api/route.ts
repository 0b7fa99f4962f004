import type { z } from "zod";
import type { Role } from "./identity.js";

/** One thing that can be asked of an agent. The table in routes.ts is the whole of its API. */
export interface Route {
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  /** With `:name` for a parameter. */
  readonly path: `/${string}`;
  /** The least that the asker's certificate must allow; null is open to whoever reaches the port. */
  readonly role: Role | null;
  /** One line for the OpenAPI document. */
  readonly summary: string;
  readonly params?: z.ZodObject;
  readonly query?: z.ZodObject;
  readonly body?: z.ZodObject;
  /** Bytes of a body, where it may have fewer than most. */
  readonly largestBody?: number;
  /** Bytes of the answer that whoever asks accepts, where it is more than most routes need. */
  readonly largestAnswer?: number;
  /** What a 200 holds: JSON, plain text, or server-sent events whose data is this JSON. */
  readonly answer:
    | { readonly kind: "json" | "events"; readonly schema: z.ZodType }
    | { readonly kind: "text"; readonly type?: string };
}

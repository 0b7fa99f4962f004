import { z } from "zod";
import type { MultiplexerDocument } from "../../render/multiplexer-json.js";

const port = z.int().min(1).max(65_535);
const name = z.string().regex(/^[a-z0-9-]+$/);
const server = z.object({ name, address: z.string().min(1), port });

const schema = z.object({
  services: z.array(
    z.object({
      name,
      directory: z.string().startsWith("/"),
      master: z.object({ address: z.string().min(1), port, queue: z.int().positive() }),
      replies: z.enum(["drop", "forward"]),
      writes: z.enum(["error", "drop", "forward"]),
      audit: z.object({ file: z.string().startsWith("/") }).optional(),
      servers: z.array(server),
    }),
  ),
});

/** What the multiplexer is to serve. @throws Error in one line, where it is something else */
export function parseMultiplexerFile(text: string): MultiplexerDocument {
  const { success, data, error } = schema.safeParse(JSON.parse(text));
  if (success)
    return { services: data.services.map(({ audit, ...rest }) => (audit ? { ...rest, audit } : rest)) };
  const [issue] = error.issues;
  throw new Error(`${issue?.path.join(".") || "the file"}: ${issue?.message ?? "not as it must be"}`);
}

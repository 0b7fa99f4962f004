import { z } from "zod";
import { ApiError } from "../../api/api-error.js";
import type { Route } from "../../api/route.js";

type Part = "params" | "query" | "body";

/** Reads one part of a request; unknown keys and wrong values are refused with their place. */
export function partReader(route: Route, part: Part): (value: unknown) => unknown {
  const schema = route[part]?.strict() ?? nothing;
  return (value) => {
    const read = schema.safeParse(value ?? {});
    if (read.success) return read.data;
    throw new ApiError(400, read.error.issues.map((issue) => sentence(part, issue)).join("; "));
  };
}

const nothing = z.strictObject({});

function sentence(part: Part, { path, message }: z.core.$ZodIssue): string {
  const place = [part, ...path].map(String).join(".");
  // zod quotes what it was given; a value of megabytes says no more than its beginning.
  return `${place}: ${message.slice(0, 200)}`;
}

/** The reader's place in a stream: the header that a reader sends when it comes back, else `?after=` of its first call. */
export function lastEventId(header: string | string[] | undefined, query: unknown): number | null {
  if (header !== undefined) {
    const id = Number(header);
    if (header === "" || !Number.isSafeInteger(id) || id < 0)
      throw new ApiError(400, "last-event-id: a whole number, as the stream gave it");
    return id;
  }
  const after = typeof query === "object" && query !== null && "after" in query ? query.after : null;
  return typeof after === "number" ? after : null;
}

import { z } from "zod";
import { errorSchema } from "../../api/api-error.js";
import type { Route } from "../../api/route.js";
import { sessionCookieName } from "./session-cookie.js";

type Json = Readonly<Record<string, unknown>>;

/** The OpenAPI 3.1 document of a route table. */
export function openApi(routes: Readonly<Record<string, Route>>, version: string): Json {
  const paths: Record<string, Record<string, Json>> = {};
  for (const [name, route] of Object.entries(routes)) {
    const path = route.path.replace(/:(\w+)/g, "{$1}");
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operation(name, route) };
  }
  return {
    openapi: "3.1.1",
    info: {
      title: "holdfast agent",
      version,
      description:
        "One node's agent. Over TCP it asks for a certificate of the cluster's authority, or for the session that a browser began with a code; its Unix socket is for root.",
    },
    paths,
    components: {
      schemas: { Error: read(errorSchema) },
      securitySchemes: {
        certificate: { type: "mutualTLS" },
        session: { type: "apiKey", in: "cookie", name: sessionCookieName },
      },
    },
  };
}

function operation(name: string, route: Route): Json {
  return {
    operationId: name,
    summary: route.summary,
    ...(route.role === null
      ? { security: [] }
      : {
          description: `For every ${route.role}${route.role === "viewer" ? ", operator and node" : ""}.`,
          security: [{ certificate: [] }, ...(route.role === "node" ? [] : [{ session: [] }])],
        }),
    ...(route.params || route.query ? { parameters: parameters(route) } : {}),
    ...(route.body
      ? { requestBody: { required: true, content: { "application/json": { schema: written(route.body) } } } }
      : {}),
    responses: {
      200: { description: "Done.", content: content(route.answer) },
      default: {
        description: "Refused, with the reason.",
        content: { "application/json": { schema: { $ref: "#/components/schemas/Error" } } },
      },
    },
  };
}

const none: z.ZodRawShape = {};

const parameters = ({ params, query }: Route): Json[] =>
  [
    { place: "path", schema: params },
    { place: "query", schema: query },
  ].flatMap(({ place, schema }) =>
    Object.entries(schema?.shape ?? none).map(([name, value]) => ({
      name,
      in: place,
      required: place === "path",
      schema: jsonSchema(value, "input"),
    })),
  );

function content(answer: Route["answer"]): Json {
  switch (answer.kind) {
    case "json":
      return { "application/json": { schema: read(answer.schema) } };
    case "events":
      // OpenAPI 3.1 has no words for the data of server-sent events: the schema is that of each event's data.
      return { "text/event-stream": { schema: read(answer.schema) } };
    case "text":
      return { "text/plain": { schema: { type: "string" } } };
  }
}

const read = (schema: z.ZodType): Json => jsonSchema(schema, "output");
const written = (schema: z.ZodType): Json =>
  jsonSchema(schema instanceof z.ZodObject ? schema.strict() : schema, "input");

function jsonSchema(schema: z.ZodType, io: "input" | "output"): Json {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { io });
  return rest;
}

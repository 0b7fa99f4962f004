import type { IncomingMessage } from "node:http";
import { type FastifyInstance, type FastifyReply, type FastifyRequest, fastify } from "fastify";
import type { Logger } from "pino";
import { ApiError } from "../../api/api-error.js";
import type { Role } from "../../api/identity.js";
import type { Route } from "../../api/route.js";
import { type RouteName, routes } from "../../api/routes.js";
import { Admission } from "./admission.js";
import type { Arrival } from "./arrival.js";
import { callerName, mayCall } from "./caller.js";
import { type StreamTiming, sendEvents } from "./event-stream.js";
import { goneSignal } from "./gone.js";
import type { Handlers } from "./handlers.js";
import { openApi } from "./openapi.js";
import type { PageFile } from "./page-files.js";
import { addPage } from "./page-routes.js";
import { refuse } from "./refusal.js";
import type { Exchange, SessionHandlers } from "./session-handlers.js";
import { lastEventId, partReader } from "./validation.js";

/** Topologies may have 4 MiB; nothing else comes near. */
const largestBody = 5 * 1024 * 1024;

export interface App {
  readonly handlers: Handlers;
  readonly sessions: SessionHandlers;
  /** Empty where it was not built. */
  readonly page: readonly PageFile[];
  readonly arrivalOf: (request: IncomingMessage) => Arrival;
  readonly programVersion: string;
  readonly streams: StreamTiming;
  readonly log: Logger;
}

declare module "fastify" {
  interface FastifyContextConfig {
    /** As the route table says it. */
    role?: Role | null;
    /** What is asked lasts. */
    stream?: boolean;
    /** One of the page's. */
    file?: boolean;
  }
}

/** One way of answering, whatever the route: the table says how it is asked, the handlers what it does. */
type Answerer = (asked: never, exchange: Exchange) => unknown;

/** The route table as a fastify application that listens nowhere by itself. */
export function apiApp(parts: App): FastifyInstance {
  const { handlers, sessions, page, arrivalOf, programVersion, streams, log } = parts;
  const app = fastify({
    bodyLimit: largestBody,
    // A line for every request would be fastify's way; here a line for every change is enough.
    logger: false,
    routerOptions: { maxParamLength: 64 },
    exposeHeadRoutes: false,
    frameworkErrors: (error, request, reply) => refuse(error, request, reply, log),
  });
  // fastify's own parser for text would admit bodies that no route has.
  app.removeContentTypeParser("text/plain");
  app.setErrorHandler((error, request, reply) => refuse(error, request, reply, log));
  app.setNotFoundHandler(() => {
    throw new ApiError(404, "there is no such route: GET /v1/openapi.json lists them all");
  });

  const admission = new Admission();
  // Before the body is read: whoever may not ask costs no more than a head, also where there is no such route.
  app.addHook("onRequest", async (request, reply) => {
    const arrival = arrivalOf(request.raw);
    const refused = arrival.guard();
    if (refused !== null) throw refused;
    const { role = "viewer", stream = false, file = false } = request.routeOptions.config;
    const now = performance.now();
    if (file) return admission.admitToFiles(arrival.address, now);
    const caller = arrival.caller();
    admission.admit(caller, role, now);
    const work = stream ? "stream" : request.method === "GET" ? "look" : "change";
    const gone = goneSignal(reply.raw);
    const end = await admission.begin(caller, work, gone);
    gone.addEventListener("abort", end, { once: true });
    if (!gone.aborted) return;
    end();
    throw new ApiError(408, "whoever asked is gone");
  });
  const document = openApi(routes, programVersion);
  const answerers: Readonly<Record<RouteName, Answerer>> = {
    ...handlers,
    ...sessions,
    openapi: () => document,
  };
  for (const name of Object.keys(routes) as RouteName[]) add(name, routes[name], answerers[name]);
  addPage(app, page);
  return app;

  function add(name: RouteName, route: Route, answer: Answerer): void {
    const [params, query, body] = (["params", "query", "body"] as const).map((part) =>
      partReader(route, part),
    );
    app.route({
      method: route.method,
      url: route.path,
      bodyLimit: route.largestBody ?? largestBody,
      config: { role: route.role, stream: route.answer.kind === "events" },
      handler: async (request, reply) => {
        const caller = arrivalOf(request.raw).caller();
        // It may have ended since: a body takes its time, and so does waiting for one's turn.
        if (!mayCall(caller, route.role))
          throw new ApiError(401, "the right to ask this has ended meanwhile");
        const asked = {
          params: params?.(request.params),
          query: query?.(request.query),
          body: body?.(request.body),
          caller,
          signal: goneSignal(reply.raw),
        };
        if (route.method !== "GET") log.info({ route: name, caller: callerName(caller) }, "asked");
        if (route.answer.kind === "events") return stream(route, asked, request, reply);
        const answered = await answer(asked as never, exchangeOf(request, reply));
        if (route.answer.kind === "text") return reply.type(route.answer.type ?? plain).send(answered);
        return reply.type(json).send(JSON.stringify(answered ?? null));
      },
    });

    async function stream(
      { role }: Route,
      asked: { readonly query: unknown; readonly signal: AbortSignal },
      request: FastifyRequest,
      reply: FastifyReply,
    ): Promise<void> {
      const after = lastEventId(request.headers["last-event-id"], asked.query);
      const exchange = exchangeOf(request, reply);
      const events = (await answer({ ...asked, after } as never, exchange)) as Parameters<
        typeof sendEvents
      >[1];
      reply.hijack();
      const alive = () => mayCall(arrivalOf(request.raw).caller(), role);
      await sendEvents(reply.raw, events, { alive, gone: asked.signal }, streams).catch((error: unknown) =>
        log.warn({ err: error, route: name }, "a stream was cut off"),
      );
    }
  }
}

const exchangeOf = ({ raw }: FastifyRequest, reply: FastifyReply): Exchange => ({
  request: raw,
  setCookie: (cookie) => void reply.header("set-cookie", cookie),
});

const json = "application/json; charset=utf-8";
const plain = "text/plain; charset=utf-8";

import type { IncomingMessage } from "node:http";
import { errorSchema } from "../api/api-error.js";
import type { Answer, Call, CallRoute, EventsRoute } from "../api/call.js";
import type { Route } from "../api/route.js";
import { type RouteName, routes } from "../api/routes.js";
import { type Door, doorsOf } from "./client-door.js";
import type { Endpoint } from "./client-endpoint.js";
import { causeOf, RefusedCall, UnreachableError } from "./client-errors.js";
import { readEvents } from "./client-events.js";
import { exchange, type Message, NotConnected, Stale } from "./client-exchange.js";
import { messageFor, type Parts } from "./client-message.js";
import { textOf, withoutSilence } from "./client-reading.js";

export { RefusedCall, UnreachableError };

/** Milliseconds. */
export interface ClientPatience {
  /** Until a connection stands, for each address. */
  readonly connect?: number;
  /** Until the whole answer is there; of a stream, until it begins. */
  readonly timeout?: number;
}

export interface CallOptions {
  /** Milliseconds, instead of the client's own. */
  readonly timeout?: number;
  readonly signal?: AbortSignal;
}

/** Bytes; a table entry may ask for more. */
const largestAnswer = 8 * 1024 * 1024;
/** Milliseconds: the agent sends something every 15 s, so three of those are missing. */
const longestSilence = 45_000;

/** What can be asked of one agent, typed by the route table. Its connections are kept open until `close`. */
export class AgentClient {
  private readonly doors: readonly Door[];
  private readonly connect: number;
  private readonly timeout: number;
  /** Index of the door that opened last. */
  private first = 0;

  constructor(
    /** For error messages. */
    private readonly node: string,
    endpoint: Endpoint,
    { connect = 1_000, timeout = 5_000 }: ClientPatience = {},
  ) {
    this.doors = doorsOf(endpoint);
    this.connect = connect;
    this.timeout = timeout;
  }

  /** @throws UnreachableError, RefusedCall */
  async call<N extends CallRoute>(name: N, parts: Call<N>, options: CallOptions = {}): Promise<Answer<N>> {
    const route: Route = routes[name];
    const { timeout = this.timeout } = options;
    const limit = AbortSignal.timeout(timeout);
    const signal = options.signal ? AbortSignal.any([limit, options.signal]) : limit;
    const response = await this.ask(name, parts as Parts, { signal, limit, timeout });
    const text = await textOf(response, route.largestAnswer ?? largestAnswer).catch((error: unknown) => {
      throw this.unreachable(error, { limit, timeout });
    });
    return (route.answer.kind === "json" ? this.read(text, route.answer.schema) : text) as Answer<N>;
  }

  /** Each event's data. Ends when the agent ends it, or `signal` aborts. @throws UnreachableError, also in its middle; RefusedCall */
  async *events<N extends EventsRoute>(
    name: N,
    parts: Call<N>,
    signal?: AbortSignal,
  ): AsyncGenerator<Answer<N>> {
    const { schema } = routes[name].answer;
    const [stop, late] = [new AbortController(), new AbortController()];
    const timer = setTimeout(() => late.abort(), this.timeout);
    const all = AbortSignal.any([stop.signal, late.signal, ...(signal ? [signal] : [])]);
    const limits = { signal: all, limit: late.signal, timeout: this.timeout };
    try {
      const response = await this.ask(name, parts as Parts, limits);
      clearTimeout(timer);
      for await (const data of readEvents(withoutSilence(response, longestSilence)))
        yield this.read(data, schema) as Answer<N>;
    } catch (error) {
      if (signal?.aborted) return;
      throw error instanceof RefusedCall ? error : this.unreachable(error, limits);
    } finally {
      clearTimeout(timer);
      stop.abort();
    }
  }

  close(): void {
    for (const door of this.doors) door.close();
  }

  /** The head of a 200; anything else is thrown. */
  private async ask(name: RouteName, parts: Parts, limits: Limits): Promise<IncomingMessage> {
    const message = messageFor(routes[name], parts);
    const response = await this.knock(message, limits);
    if (response.statusCode === 200) return response;
    const text = await textOf(response, largestAnswer).catch((error: unknown) => {
      throw this.unreachable(error, limits);
    });
    const { error, details } = readError(text);
    throw new RefusedCall(this.node, response.statusCode ?? 0, error, details);
  }

  private async knock(message: Message, limits: Limits): Promise<IncomingMessage> {
    const causes: string[] = [];
    let sent = false;
    for (let attempt = 0; attempt < this.doors.length; attempt++) {
      const index = (this.first + attempt) % this.doors.length;
      const door = this.doors[index];
      if (door === undefined) continue;
      try {
        const response = await this.through(door, message, limits.signal);
        this.first = index;
        return response;
      } catch (error) {
        const { cause } = error instanceof NotConnected ? error : { cause: error };
        causes.push(`${door.name}: ${limits.limit.aborted ? late(limits.timeout) : causeOf(cause)}`);
        sent = !(error instanceof NotConnected);
        if (sent || limits.signal.aborted) break;
      }
    }
    throw new UnreachableError(this.node, causes, sent);
  }

  /** What only asks may be asked once more, over a connection of its own. */
  private async through(door: Door, message: Message, signal: AbortSignal): Promise<IncomingMessage> {
    const send = () => exchange(door, message, { connect: this.connect, signal });
    return send().catch((error: unknown) => {
      if (error instanceof Stale && message.method === "GET") return send();
      throw error;
    });
  }

  private unreachable(error: unknown, { limit, timeout }: Omit<Limits, "signal">): UnreachableError {
    if (error instanceof UnreachableError) return error;
    const door = this.doors[this.first]?.name ?? "";
    return new UnreachableError(
      this.node,
      [`${door}: ${limit.aborted ? late(timeout) : causeOf(error)}`],
      true,
    );
  }

  private read(text: string, schema: { parse(value: unknown): unknown }): unknown {
    try {
      return schema.parse(JSON.parse(text));
    } catch (error) {
      throw new RefusedCall(this.node, 200, `its answer is not what this version expects: ${causeOf(error)}`);
    }
  }
}

interface Limits {
  readonly signal: AbortSignal;
  /** The part of `signal` that is the time. */
  readonly limit: AbortSignal;
  readonly timeout: number;
}

const late = (timeout: number): string => `no answer within ${timeout} ms`;

function readError(text: string): { error: string; details?: Readonly<Record<string, unknown>> | undefined } {
  try {
    return errorSchema.parse(JSON.parse(text));
  } catch {
    return { error: "it refuses without a reason" };
  }
}

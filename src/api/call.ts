import type { z } from "zod";
import type { RouteName, routes } from "./routes.js";

type Table = typeof routes;
type Part<N extends RouteName, K extends string> =
  Table[N] extends Readonly<Record<K, infer S extends z.ZodType>> ? S : never;
type Nothing = Readonly<Record<string, never>>;
type Read<S extends z.ZodType> = [S] extends [never] ? Nothing : z.output<S>;
type Written<S extends z.ZodType> = [S] extends [never] ? undefined : z.input<S>;

/** Routes that answer with server-sent events. */
export type EventsRoute = {
  [N in RouteName]: Table[N]["answer"] extends { kind: "events" } ? N : never;
}[RouteName];
/** Routes that answer once. */
export type CallRoute = Exclude<RouteName, EventsRoute>;

export type Params<N extends RouteName> = Read<Part<N, "params">>;
export type Query<N extends RouteName> = Read<Part<N, "query">>;
export type Body<N extends RouteName> = Read<Part<N, "body">>;

/** What an answer holds once it is read: a document, one event's data, or text. */
export type Answer<N extends RouteName> = Table[N]["answer"] extends {
  schema: infer S extends z.ZodType;
}
  ? z.output<S>
  : string;

/** What a call is made with. A parameter or query that is a number may be written as one. */
export type Call<N extends RouteName> = Given<"params", Part<N, "params">> &
  Given<"query", Part<N, "query">> &
  Given<"body", Part<N, "body">>;

type Given<K extends string, S extends z.ZodType> = [S] extends [never]
  ? { readonly [P in K]?: undefined }
  : Partial<Written<S>> extends Written<S>
    ? { readonly [P in K]?: Written<S> }
    : { readonly [P in K]: Written<S> };

/** One server-sent event. */
export interface Sent<T> {
  /** Counts up within its stream; a reader that comes back names the last one it has. */
  readonly id: number;
  readonly data: T;
}

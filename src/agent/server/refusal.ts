import type { FastifyReply, FastifyRequest } from "fastify";
import type { Logger } from "pino";
import { ApiError } from "../../api/api-error.js";
import { closeLingering } from "./lingering-close.js";

/** Answers an error in words; what it is beyond them goes to the log alone. */
export function refuse(error: unknown, request: FastifyRequest, reply: FastifyReply, log: Logger): void {
  const refusal = asApiError(error, request);
  if (refusal === null) log.error({ err: error, route: request.routeOptions.url }, "a request failed");
  const { status, message, details, retryAfter } = refusal ?? failed;
  if (retryAfter !== undefined) reply.header("retry-after", retryAfter);
  if (status === 401 || status === 413 || bodyOnItsWay(request)) reply.header("connection", "close");
  if (bodyOnItsWay(request)) closeLingering(request.raw);
  reply
    .code(status)
    .type("application/json; charset=utf-8")
    .send(JSON.stringify({ error: message, ...(details && { details }) }));
}

/** A body that is not wanted is read and thrown away before the next request; a long one is not worth that. */
const bodyOnItsWay = ({ raw }: FastifyRequest): boolean =>
  !raw.complete &&
  (raw.headers["transfer-encoding"] !== undefined || Number(raw.headers["content-length"]) > 64 * 1024);

const failed = new ApiError(500, "the agent failed at this: its log says why (journalctl -u holdfast-agent)");

/** The sentences of what fastify itself refuses; null for an error that nobody expected. */
function asApiError(error: unknown, { routeOptions }: FastifyRequest): ApiError | null {
  if (error instanceof ApiError) return error;
  if (!(error instanceof Error) || !("code" in error) || !("statusCode" in error)) return null;
  switch (error.code) {
    case "FST_ERR_CTP_BODY_TOO_LARGE":
      return new ApiError(413, `the body is too large: at most ${size(routeOptions.bodyLimit)}`);
    case "FST_ERR_CTP_INVALID_MEDIA_TYPE":
      return new ApiError(415, "send JSON (content-type: application/json)");
    default: {
      const status = Number(error.statusCode);
      return status >= 400 && status < 500 ? new ApiError(status, error.message) : null;
    }
  }
}

const size = (bytes = 0): string =>
  bytes < 1024 * 1024 ? `${bytes / 1024} KiB` : `${bytes / (1024 * 1024)} MiB`;

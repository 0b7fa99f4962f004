import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { ApiError } from "../../api/api-error.js";
import type { PageFile } from "./page-files.js";

const year = 365 * 86_400;

/** Serves each of the page's files under a path of its own, to whoever asks: they hold no secret. */
export function addPage(app: FastifyInstance, files: readonly PageFile[]): void {
  const add = (url: string, handler: (request: FastifyRequest, reply: FastifyReply) => unknown): void => {
    app.route({ method: ["GET", "HEAD"], url, config: { role: null, file: true }, handler });
  };
  for (const file of files) add(file.path, (request, reply) => send(file, request, reply));
  if (files.length === 0)
    add("/", () => {
      throw new ApiError(
        404,
        "the page was not built: 'npm run build' makes it, and the agent reads it as it starts",
      );
    });
}

function send(file: PageFile, { headers }: FastifyRequest, reply: FastifyReply): FastifyReply {
  const zipped = takesGzip(headers["accept-encoding"]) ? file.zipped : null;
  const etag = `"${file.etag}${zipped === null ? "" : "-gzip"}"`;
  reply
    .header("cache-control", file.immutable ? `public, max-age=${year}, immutable` : "no-cache")
    .header("vary", "accept-encoding")
    .header("etag", etag);
  if (isAmong(etag, headers["if-none-match"])) return reply.code(304).send();
  if (zipped !== null) reply.header("content-encoding", "gzip");
  return reply.type(file.type).send(zipped ?? file.body);
}

/** RFC 9110, 12.5.3; a weight of nothing takes it out. */
const takesGzip = (header: string | string[] | undefined): boolean =>
  String(header ?? "")
    .split(",")
    .map((coding) => coding.replace(/\s/g, "").toLowerCase())
    .some((coding) => /^gzip(;q=(1|0\.\d*[1-9]).*)?$/.test(coding));

/** RFC 9110, 13.1.2. */
const isAmong = (etag: string, header: string | undefined): boolean =>
  (header ?? "")
    .split(",")
    .map((one) => one.trim().replace(/^W\//, ""))
    .some((one) => one === etag || one === "*");

import { request as httpRequest } from "node:http";
import { request as httpsRequest, type RequestOptions } from "node:https";
import type { SecureContextOptions } from "node:tls";

export interface RawAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/** Asks as anybody could, with any certificate or none; rejects when the connection is refused or cut. */
export function askTls(
  port: number,
  tls: SecureContextOptions,
  options: RequestOptions = {},
  body = "",
): Promise<RawAnswer> {
  return ask(
    httpsRequest,
    { host: "127.0.0.1", port, agent: false, rejectUnauthorized: false, ...tls, ...options },
    body,
  );
}

export const askSocket = (socketPath: string, options: RequestOptions = {}, body = ""): Promise<RawAnswer> =>
  ask(httpRequest, { socketPath, agent: false, ...options }, body);

function ask(request: typeof httpRequest, options: RequestOptions, body: string): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const sent = request(options, (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (chunk: string) => {
        text += chunk;
      });
      response.on("error", reject);
      response.on("end", () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }),
      );
    });
    sent.on("error", reject);
    sent.end(body);
  });
}

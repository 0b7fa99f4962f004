import { Agent } from "node:https";
import type { SecureContextOptions } from "node:tls";
import type { SignInCode } from "../../../src/api/session.js";
import type { Bundle } from "../../../src/pki/bundle.js";
import type { Cluster } from "./cluster.js";
import { askTls, type RawAnswer } from "./raw.js";

export type Headers = Record<string, string>;

/** A browser as far as its requests are concerned: one cookie, the headers it adds by itself, six connections. */
export class Browser {
  cookie: string | null = null;
  private readonly agent: Agent;

  constructor(
    private readonly cluster: Cluster,
    /** The certificate that it shows whoever asks for one. */
    tls: SecureContextOptions = {},
  ) {
    this.agent = new Agent({ keepAlive: true, maxSockets: 6, rejectUnauthorized: false, ...tls });
  }

  get origin(): string {
    return `https://127.0.0.1:${this.cluster.port}`;
  }

  /** As the node's own page asks. */
  page(method: string, path: string, body?: unknown, headers: Headers = {}): Promise<RawAnswer> {
    const own = { "sec-fetch-site": "same-origin", "sec-fetch-mode": "cors", "sec-fetch-dest": "empty" };
    return this.send(method, path, body, {
      ...own,
      ...(method === "GET" ? {} : { origin: this.origin }),
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...headers,
    });
  }

  /** With no more headers than these, and its cookie; a text as it stands, anything else as JSON. */
  async send(method: string, path: string, body: unknown, headers: Headers): Promise<RawAnswer> {
    const cookie: Headers = this.cookie === null ? {} : { cookie: this.cookie };
    const text = typeof body === "string" ? body : body === undefined ? "" : JSON.stringify(body);
    const length: Headers = text === "" ? {} : { "content-length": String(Buffer.byteLength(text)) };
    const options = { method, path, agent: this.agent, headers: { ...cookie, ...length, ...headers } };
    const answer = await askTls(this.cluster.port, {}, options, text);
    const [set] = answer.headers["set-cookie"] ?? [];
    if (set !== undefined) this.cookie = /Max-Age=0/.test(set) ? null : (set.split(";")[0] ?? null);
    return answer;
  }

  async signIn(bundle: Bundle | null, viewer = false): Promise<SignInCode> {
    const made = await this.cluster.client(bundle).call("signInCode", { body: { viewer } });
    const answer = await this.page("POST", "/v1/session", { code: made.code });
    if (answer.status !== 200) throw new Error(answer.body);
    return made;
  }

  close(): void {
    this.agent.destroy();
  }
}

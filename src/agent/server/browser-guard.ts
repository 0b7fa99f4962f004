import type { IncomingHttpHeaders } from "node:http";
import { tokenIn } from "./session-cookie.js";

/** Of a request, what tells whether a browser sent it, and for whose page. */
export interface BrowserRequest {
  readonly method: string;
  /** With its query. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
}

export interface GuardRefusal {
  readonly status: 403 | 421;
  readonly why: string;
}

/**
 * Why a browser's request is not served; null where it is, and for whatever is no browser's. A browser sends its client
 * certificate and its cookies to whatever address a page names, so none of them says that a person meant it. What says
 * it is that this node's own page asks (https://www.w3.org/TR/fetch-metadata/, RFC 6454, 7).
 *
 * @param isOwn whether a host name or address is this node's, in lower case and without brackets
 */
export function browserRefusal(
  { method, url, headers }: BrowserRequest,
  isOwn: (host: string) => boolean,
): GuardRefusal | null {
  const origin = headers.origin;
  const site = headers["sec-fetch-site"];
  if (!isBrowsers(headers)) return null;
  // A name of the attacker's that leads here makes the attacker's page one of this very origin.
  const host = headers.host?.toLowerCase() ?? "";
  if (!isOwn(hostName(host)))
    return {
      status: 421,
      why: "this agent does not go by that name: open its page by its node's name or address",
    };
  const isOwnOrigin = origin !== undefined && origin.toLowerCase() === `https://${host}`;
  if (origin !== undefined && !isOwnOrigin) return refusal("a page of another origin asks");
  const looks = method === "GET" || method === "HEAD";
  if (!looks)
    return site === "same-origin" || (site === undefined && isOwnOrigin)
      ? null
      : refusal("nothing says that this agent's own page asks");
  if (site === undefined || site === "same-origin" || site === "none") return null;
  return isLinkToPage(url, headers) ? null : refusal("a page of another site asks");
}

/** All browsers call themselves Mozilla; those of before 2023 may say nothing else of themselves. */
const isBrowsers = (headers: IncomingHttpHeaders): boolean =>
  headers.origin !== undefined ||
  headers["sec-fetch-site"] !== undefined ||
  headers["user-agent"]?.startsWith("Mozilla/") === true ||
  tokenIn(headers.cookie) !== null;

/** A link on another site shows the page, which is the same for everybody and does nothing by itself. */
const isLinkToPage = (url: string, headers: IncomingHttpHeaders): boolean =>
  url.split("?")[0] === "/" &&
  headers["sec-fetch-mode"] === "navigate" &&
  headers["sec-fetch-dest"] === "document";

/** Of `name`, `name:port`, `[address]:port` (RFC 9110, 7.2); an empty one for anything else. */
function hostName(host: string): string {
  const [, bracketed, plain] = /^(?:\[([0-9a-f:.]+)\]|([^:[\]/@]+))(?::\d{1,5})?$/.exec(host) ?? [];
  return bracketed ?? plain ?? "";
}

const refusal = (why: string): GuardRefusal => ({
  status: 403,
  why: `${why}: a browser is served for the page of this agent alone`,
});

import { expect, test } from "vitest";
import { browserRefusal } from "../../../src/agent/server/browser-guard.js";

const own = new Set(["lb-a", "10.0.9.2", "2001:db8::2", "localhost"]);
const session = "__Host-holdfast=abc";
const sameOrigin = { "sec-fetch-site": "same-origin" };
const link = { "sec-fetch-mode": "navigate", "sec-fetch-dest": "document" };

/** The status with which it is refused; 200 where it is not. */
const judge = (method: string, url: string, headers: Record<string, string>) =>
  browserRefusal({ method, url, headers: { host: "lb-a:7443", ...headers } }, (host) => own.has(host))
    ?.status ?? 200;

test.each<[string, string, string, Record<string, string>, number]>([
  // What is no browser's is judged by its certificate alone.
  ["the command line", "POST", "/v1/switchover", { host: "10.0.9.2:7443" }, 200],
  ["Prometheus by another name", "GET", "/metrics", { host: "lb-a.example.net:7443" }, 200],
  ["curl without a body", "POST", "/v1/pki/request", { "user-agent": "curl/7.88.1" }, 200],

  // The page itself.
  ["a typed address", "GET", "/", { "sec-fetch-site": "none", ...link }, 200],
  ["a link elsewhere", "GET", "/", { "sec-fetch-site": "cross-site", ...link }, 200],
  ["a link elsewhere with a query", "GET", "/?a=/v1", { "sec-fetch-site": "cross-site", ...link }, 200],
  ["a link of a neighbour", "GET", "/", { "sec-fetch-site": "same-site", ...link }, 200],
  ["the page's script", "GET", "/assets/a.js", sameOrigin, 200],
  ["the page's look", "GET", "/v1/status", { ...sameOrigin, cookie: session }, 200],
  ["the page's change", "POST", "/v1/switchover", { ...sameOrigin, origin: "https://lb-a:7443" }, 200],
  ["a change of an older browser's", "POST", "/v1/switchover", { origin: "https://lb-a:7443" }, 200],
  ["a look of an older browser's", "GET", "/v1/status", { cookie: session }, 200],

  // By each of the node's own names.
  ["by IPv4", "GET", "/v1/status", { ...sameOrigin, host: "10.0.9.2" }, 200],
  ["by IPv6", "GET", "/v1/status", { ...sameOrigin, host: "[2001:db8::2]:7443" }, 200],
  [
    "through a tunnel",
    "POST",
    "/v1/session",
    { host: "localhost:9000", origin: "https://localhost:9000" },
    200,
  ],
  ["in capitals", "POST", "/v1/session", { host: "LB-A:7443", origin: "https://lb-a:7443" }, 200],

  // Another page's requests, with whatever the browser adds by itself.
  ["a fetch", "GET", "/v1/status", { "sec-fetch-site": "cross-site", origin: "https://evil.example" }, 403],
  ["a neighbour's fetch", "GET", "/v1/status", { "sec-fetch-site": "same-site" }, 403],
  ["an image", "GET", "/v1/status", { "sec-fetch-site": "cross-site", "sec-fetch-dest": "image" }, 403],
  [
    "a frame",
    "GET",
    "/",
    { "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "iframe" },
    403,
  ],
  ["a link into the API", "GET", "/v1/status", { "sec-fetch-site": "cross-site", ...link }, 403],
  ["a link that looks like the page", "GET", "//v1/status", { "sec-fetch-site": "cross-site", ...link }, 403],
  [
    "a form",
    "POST",
    "/v1/switchover",
    { "sec-fetch-site": "cross-site", origin: "https://evil.example", ...link },
    403,
  ],
  ["a form to the page", "POST", "/", { "sec-fetch-site": "cross-site", ...link }, 403],
  ["a form of an older browser's", "POST", "/v1/switchover", { origin: "https://evil.example" }, 403],
  ["a sandboxed page", "POST", "/v1/switchover", { origin: "null" }, 403],
  ["a preflight", "OPTIONS", "/v1/switchover", { origin: "https://evil.example" }, 403],
  ["the same host's other port", "POST", "/v1/switchover", { origin: "https://lb-a:8443" }, 403],
  ["the same host without TLS", "POST", "/v1/switchover", { origin: "http://lb-a:7443" }, 403],
  ["a look from another port", "GET", "/v1/status", { origin: "https://lb-a:8443" }, 403],
  ["two origins", "POST", "/v1/switchover", { origin: "https://lb-a:7443, https://evil.example" }, 403],
  ["an extension", "POST", "/v1/switchover", { "sec-fetch-site": "none" }, 403],
  ["an unknown site", "GET", "/v1/status", { "sec-fetch-site": "new-kind" }, 403],
  ["a cookie that says nothing else", "POST", "/v1/switchover", { cookie: session }, 403],
  ["a cookie that ends the session", "DELETE", "/v1/session", { cookie: `a=b; ${session}` }, 403],
  ["a browser that says nothing else", "POST", "/v1/pki/request", { "user-agent": "Mozilla/5.0 (X11)" }, 403],

  // A name of the attacker's that leads here.
  ["a rebound name", "GET", "/v1/status", { ...sameOrigin, host: "evil.example:7443" }, 421],
  [
    "a rebound name's change",
    "POST",
    "/v1/switchover",
    { ...sameOrigin, host: "evil.example", origin: "https://evil.example" },
    421,
  ],
  [
    "a rebound name of before 2023",
    "GET",
    "/v1/status",
    { host: "evil.example", "user-agent": "Mozilla/5.0" },
    421,
  ],
  ["a rebound name's cookie", "GET", "/v1/status", { host: "evil.example", cookie: session }, 421],
  ["a name that begins like the node's", "GET", "/", { ...sameOrigin, host: "lb-a.evil.example:7443" }, 421],
  ["a name before the node's", "GET", "/", { ...sameOrigin, host: "evil.example@lb-a" }, 421],
  ["two names", "GET", "/", { ...sameOrigin, host: "lb-a:7443,evil.example" }, 421],
  ["no name", "GET", "/", { ...sameOrigin, host: "" }, 421],
])("%s: %s %s", (_what, method, url, headers, status) => {
  expect(judge(method, url, headers)).toBe(status);
});

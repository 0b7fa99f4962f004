import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, expect, test } from "vitest";
import { callerName } from "../../src/agent/server/caller.js";
import type { PageFile } from "../../src/agent/server/page-files.js";
import { Cluster } from "../agent/server/cluster.js";
import { handlersWith } from "../agent/server/handlers.js";

/** The node's page, for the time being: it signs in, does all that a page does, and goes where its address says. */
const pageScript = `
const [code, next] = location.hash.slice(6).split("&");
history.replaceState(null, "", "/");
const ask = async (method, path, body) => (await fetch(path, {
  method,
  ...(body && { headers: { "content-type": "application/json" }, body: JSON.stringify(body) }),
})).json();
await ask("POST", "/v1/session", { code });
const { who } = await ask("GET", "/v1/session");
const { request } = await ask("POST", "/v1/pki/request");
const stream = new EventSource("/v1/events/stream");
const event = await new Promise((resolve) => { stream.onmessage = ({ data }) => resolve(JSON.parse(data)); });
stream.close();
const seen = { who: who.name, request, event: event.text, cookie: document.cookie };
const colour = getComputedStyle(document.body).color;
location.href = next + "?" + encodeURIComponent(JSON.stringify({ ...seen, colour }));
`;

/** All that another page can have a browser send to the node, by itself and by its visitor. */
const attack = (node: string): string => `<!doctype html><body><script type="module">
const json = { "content-type": "application/json" };
const tries = {
  text: () => fetch("${node}/v1/drills", { method: "POST", mode: "no-cors", credentials: "include", body: "{}" }),
  empty: () => fetch("${node}/v1/pki/request", { method: "POST", mode: "no-cors", credentials: "include" }),
  json: () => fetch("${node}/v1/drills", { method: "POST", credentials: "include", headers: json, body: "{}" }),
  put: () => fetch("${node}/v1/pki/certificate", { method: "PUT", credentials: "include", headers: json, body: "{}" }),
  signOut: () => fetch("${node}/v1/session", { method: "DELETE", credentials: "include" }),
  read: () => fetch("${node}/v1/status", { credentials: "include" }),
  rebound: () => fetch("${node.replace("127.0.0.1", "evil.example")}/v1/pki/request", { method: "POST", mode: "no-cors" }),
  stream: () => new Promise((resolve, reject) => {
    const source = new EventSource("${node}/v1/events/stream", { withCredentials: true });
    source.onmessage = resolve;
    source.onerror = () => { source.close(); reject(new Error("refused")); };
  }),
  script: () => new Promise((resolve, reject) => {
    const script = Object.assign(document.createElement("script"), { src: "${node}/assets/a.js", onload: resolve });
    script.onerror = () => reject(new Error("refused"));
    document.body.append(script);
  }),
  frame: () => new Promise((resolve) => {
    const frame = Object.assign(document.createElement("iframe"), { src: "${node}/" });
    frame.onload = () => resolve({ type: "frame" });
    document.body.append(frame);
  }),
  form: () => new Promise((resolve) => {
    const frame = Object.assign(document.createElement("iframe"), { name: "sink" });
    const form = Object.assign(document.createElement("form"), {
      action: "${node}/v1/pki/request", method: "POST", target: "sink",
    });
    document.body.append(frame, form);
    form.submit();
    setTimeout(() => resolve({ type: "form" }), 500);
  }),
};
const read = {};
for (const [name, attempt] of Object.entries(tries))
  read[name] = await attempt().then(({ type }) => type, () => "refused");
await fetch("/report", { method: "POST", body: JSON.stringify(read) });
</script>`;

const folder = mkdtempSync(join(tmpdir(), "holdfast-attack-"));
const changes: string[] = [];
const cluster = new Cluster();
let attacker: Server;
let report: (told: { page: unknown; attacks: Record<string, string> }) => void = () => undefined;

beforeAll(async () => {
  const file = (path: PageFile["path"], type: string, body: string): PageFile => ({
    ...{ path, type, body: Buffer.from(body), zipped: null, etag: path, immutable: false },
  });
  await cluster.start({
    handlers: handlersWith({
      certificateRequest: ({ caller }) => {
        changes.push(callerName(caller));
        return { request: "made" };
      },
      drill: ({ caller }) => {
        changes.push(callerName(caller));
        return { done: true };
      },
      follow: async function* ({ signal }) {
        const data = { sequence: 1, at: "", node: "lb-a", kind: "agent" as const, text: "seen", details: {} };
        yield { id: 1, data };
        await new Promise((resolve) => signal.addEventListener("abort", resolve));
      },
    }),
    page: [
      file(
        "/",
        "text/html; charset=utf-8",
        '<!doctype html><link rel="icon" href="data:,"><link rel="stylesheet" href="/assets/a.css"><body><script type="module" src="/assets/a.js"></script>',
      ),
      file("/assets/a.js", "text/javascript; charset=utf-8", pageScript),
      file("/assets/a.css", "text/css; charset=utf-8", "body { color: rgb(1, 2, 3) }"),
    ],
  });
  let page: unknown;
  const { cert, key } = cluster.identity.current?.secureContext ?? {};
  attacker = createServer({ cert, key }, async (request, response) => {
    if (request.method === "POST") report({ page, attacks: JSON.parse(await text(request)) });
    else if (request.url?.startsWith("/?")) page = JSON.parse(decodeURIComponent(request.url.slice(2)));
    response.setHeader("content-type", "text/html");
    response.end(attack(`https://127.0.0.1:${cluster.port}`));
  });
  await new Promise<void>((resolve) => attacker.listen(0, "127.0.0.1", resolve));
});
afterAll(async () => {
  attacker.closeAllConnections();
  attacker.close();
  await cluster.stop();
  // A browser that was just ended still writes.
  rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
});

test.each([
  ["another site", "localhost"],
  // With its cookie: a port is no part of a site.
  ["another port of the node", "127.0.0.1"],
])(
  "a page of %s gets nothing done in a browser that is signed in, where the node's own page does all",
  { timeout: 120_000 },
  async (_where, host) => {
    changes.length = 0;
    const anna = await cluster.issue(`anna-${host.length}`, "operator");
    const { code, name } = await cluster.client(anna).call("signInCode", { body: {} });
    const told = new Promise<Parameters<typeof report>[0]>((resolve) => {
      report = resolve;
    });
    const next = `https://${host}:${(attacker.address() as AddressInfo).port}/`;
    const browser = spawn("chromium", [
      ...["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-sync"],
      ...["--disable-background-networking", "--disable-component-update", "--ignore-certificate-errors"],
      ...["--enable-logging=stderr", "--host-resolver-rules=MAP evil.example 127.0.0.1"],
      ...[`--user-data-dir=${join(folder, host)}`, "--remote-debugging-port=0"],
      `https://127.0.0.1:${cluster.port}/#code=${code}&${next}`,
    ]);
    const console = text(browser.stderr);
    const { page, attacks } = await told.finally(() => browser.kill());
    expect(page).toEqual({ who: name, request: "made", event: "seen", cookie: "", colour: "rgb(1, 2, 3)" });
    expect(changes, "the page's own change, and no other").toEqual([name]);
    const blind = { text: "opaque", empty: "opaque", rebound: "opaque", frame: "frame", form: "form" };
    const refused = ["json", "put", "signOut", "read", "stream", "script"];
    for (const [attempt, outcome] of Object.entries(attacks))
      expect([attempt, ["refused", blind[attempt as keyof typeof blind]]]).toEqual([
        attempt,
        expect.arrayContaining([outcome]),
      ]);
    expect(refused.map((attempt) => attacks[attempt])).toEqual(refused.map(() => "refused"));
    const complaints = (await console).split("\n").filter((line) => /:CONSOLE/.test(line));
    const own = complaints.filter((line) => line.includes(`source: https://127.0.0.1:${cluster.port}/`));
    expect(own, "the page breaks no rule of its own").toEqual([]);
  },
);

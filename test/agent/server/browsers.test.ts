import { X509Certificate } from "node:crypto";
import { afterEach, beforeEach, expect, test } from "vitest";
import { callerName } from "../../../src/agent/server/caller.js";
import type { Who } from "../../../src/api/session.js";
import type { Bundle } from "../../../src/pki/bundle.js";
import { secureContextOf } from "../../../src/pki/policy.js";
import { Browser, type Headers } from "./browser.js";
import { Cluster } from "./cluster.js";
import { handlersWith } from "./handlers.js";
import { askSocket, askTls } from "./raw.js";

let cluster: Cluster;
let anna: Bundle;
/** Who changed something. */
let changes: string[];
const browsers: Browser[] = [];

beforeEach(async () => {
  changes = [];
  cluster = await new Cluster().start({
    handlers: handlersWith({
      certificateRequest: ({ caller }) => {
        changes.push(callerName(caller));
        return { request: "x" };
      },
      drill: ({ caller }) => {
        changes.push(callerName(caller));
        return { done: true };
      },
      follow: async function* ({ signal }) {
        yield {
          id: 1,
          data: { sequence: 1, at: "", node: "lb-a", kind: "agent" as const, text: "", details: {} },
        };
        await new Promise((resolve) => signal.addEventListener("abort", resolve));
      },
    }),
    streams: { heartbeat: 100, stall: 10_000 },
  });
  anna = await cluster.issue("anna", "operator");
});
afterEach(async () => {
  for (const browser of browsers.splice(0)) browser.close();
  await cluster.stop();
});

function browser(certificate?: Bundle): Browser {
  const opened = new Browser(cluster, certificate === undefined ? {} : secureContextOf(certificate));
  browsers.push(opened);
  return opened;
}

async function signedIn(bundle: Bundle | null = anna, viewer = false): Promise<Browser> {
  const opened = browser();
  await opened.signIn(bundle, viewer);
  return opened;
}

const whoIs = async (asking: Browser): Promise<Who | null> =>
  JSON.parse((await asking.page("GET", "/v1/session")).body).who;
const drill = { name: "power-loss", phase: "begins" };
const change = (asking: Browser, headers: Headers = {}) =>
  asking.page("POST", "/v1/pki/request", undefined, headers);

test("a browser without a certificate sees nobody's view, signs in by a code, and then asks as its person", async () => {
  const page = browser();
  expect(await whoIs(page)).toBeNull();
  expect((await page.page("GET", "/v1/status")).status).toBe(401);
  const { node, place, name, role, fingerprint } = await page.signIn(anna);
  expect({ node, place, name, role }).toEqual({
    ...{ node: "lb-a", name: "anna", role: "operator" },
    place: `127.0.0.1:${cluster.port}`,
  });
  const shown = new X509Certificate(String(cluster.identity.current?.secureContext.cert));
  expect(fingerprint).toBe(shown.fingerprint256);
  expect(await whoIs(page)).toMatchObject({ name: "anna", role: "operator", how: "session" });
  expect((await page.page("GET", "/v1/status")).status).toBe(200);
  expect((await change(page)).status).toBe(200);
  expect(changes, "as the author of what it does").toEqual(["anna"]);
  expect(cluster.logged.join("")).toContain("a browser was signed in");
});

test("the cookie is for this host alone, over TLS alone, not for scripts and not for other sites' requests", async () => {
  const { code } = await cluster.client(anna).call("signInCode", { body: {} });
  const { headers, body } = await browser().page("POST", "/v1/session", { code });
  const [cookie, ...others] = headers["set-cookie"] ?? [];
  expect(others).toEqual([]);
  expect(cookie).toMatch(/^__Host-holdfast=[\w-]{43}; Path=\/; Secure; HttpOnly; SameSite=Strict$/);
  expect(headers["cache-control"]).toBe("no-store");
  const left = Date.parse(JSON.parse(body).until) - Date.now();
  expect(left / 3_600_000).toBeCloseTo(12, 1);
  const token = String(cookie).slice("__Host-holdfast=".length).split(";")[0];
  for (const secret of [code, String(token)]) expect(cluster.logged.join("")).not.toContain(secret);
});

test("a code is good once, and a forged one never", async () => {
  const { code } = await cluster.client(anna).call("signInCode", { body: {} });
  expect((await browser().page("POST", "/v1/session", { code })).status).toBe(200);
  for (const wrong of [code, "AAAAAAAAAAAAAAAAAAAAAA", [...code].reverse().join("")]) {
    const other = browser();
    const answer = await other.page("POST", "/v1/session", { code: wrong });
    expect(answer.status).toBe(403);
    expect(JSON.parse(answer.body).error).toContain("'holdfast dashboard' makes another");
    expect([other.cookie, await whoIs(other)]).toEqual([null, null]);
  }
  expect((await browser().page("POST", "/v1/session", { code: "short" })).status).toBe(400);
});

test("whoever tries codes is slowed down, by whichever way", async () => {
  const code = "AAAAAAAAAAAAAAAAAAAAAA";
  const page = browser();
  const began = performance.now();
  const answers = await Promise.all(
    Array.from({ length: 200 }, () => page.page("POST", "/v1/session", { code })),
  );
  const seconds = (performance.now() - began) / 1_000;
  const tried = answers.filter(({ status }) => status === 403).length;
  expect(tried).toBeLessThanOrEqual(20 + 5 * seconds + 1);
  expect(answers.filter(({ status }) => status === 429)).toHaveLength(200 - tried);
  const headers = { "content-type": "application/json" };
  const asRoot = () =>
    askSocket(cluster.socket, { method: "POST", path: "/v1/session", headers }, JSON.stringify({ code }));
  for (let n = 0; n < 30; n++) expect((await asRoot()).status).toBe(403);
  expect(await asRoot()).toMatchObject({ status: 429, headers: { "retry-after": "1" } });
});

test("nobody's body is read beyond a code's length", async () => {
  const answer = await browser().page("POST", "/v1/session", { code: "x".repeat(2_000) });
  expect([answer.status, answer.body]).toEqual([413, '{"error":"the body is too large: at most 1 KiB"}']);
});

test("a stolen cookie is worth nothing after its session was signed out, left for another one, or forgotten by a new agent", async () => {
  const page = await signedIn();
  const thief = browser();
  const steal = () => {
    thief.cookie = page.cookie;
  };
  steal();
  expect((await whoIs(thief))?.name).toBe("anna");
  const { status, headers } = await page.page("DELETE", "/v1/session");
  expect([status, String(headers["set-cookie"])]).toEqual([
    200,
    expect.stringMatching(/^__Host-holdfast=; Max-Age=0; /),
  ]);
  expect(await whoIs(thief)).toBeNull();
  expect((await change(thief)).status).toBe(401);

  await page.signIn(anna);
  steal();
  await page.signIn(anna);
  expect([await whoIs(thief), (await whoIs(page))?.name]).toEqual([null, "anna"]);

  steal();
  await cluster.api.close();
  await cluster.serve({});
  expect(await whoIs(thief)).toBeNull();
});

test("a revoked certificate ends its sessions, their streams, and the codes it asked for", async () => {
  const page = await signedIn();
  const { code } = await cluster.client(anna).call("signInCode", { body: {} });
  const stream = page.page("GET", "/v1/events/stream");
  await expect(Promise.race([stream, soon()])).resolves.toBe("still");
  await cluster.authority((authority) => authority.revoke("anna"));
  await cluster.identity.load();
  cluster.api.renew();
  await expect(stream).rejects.toThrow("aborted");
  expect(await whoIs(page)).toBeNull();
  expect((await change(page)).status).toBe(401);
  expect((await browser().page("POST", "/v1/session", { code })).status).toBe(403);
  expect(changes).toEqual([]);
});

test("a stream ends as its session is signed out", async () => {
  const page = await signedIn();
  const stream = page.page("GET", "/v1/events/stream");
  await expect(Promise.race([stream, soon()])).resolves.toBe("still");
  await page.page("DELETE", "/v1/session");
  await expect(stream).rejects.toThrow("aborted");
});

test("an operator may look as a viewer, and nobody gets more than the certificate allows", async () => {
  const vera = await cluster.issue("vera", "viewer");
  for (const page of [await signedIn(anna, true), await signedIn(vera), await signedIn(vera, true)]) {
    expect((await whoIs(page))?.role).toBe("viewer");
    const refused = await page.page("POST", "/v1/drills", drill);
    expect([refused.status, refused.body]).toEqual([403, expect.stringContaining("this is for an operator")]);
  }
  expect((await whoIs(await signedIn(await cluster.issue("lb-b", "node"))))?.role).toBe("viewer");
  expect(await whoIs(await signedIn(null))).toMatchObject({ name: "root", role: "operator" });
  expect(changes).toEqual([]);
});

test("a session makes no further session: it would never end", async () => {
  const page = await signedIn();
  const answer = await page.page("POST", "/v1/session/codes", {});
  expect([answer.status, answer.body]).toEqual([403, expect.stringContaining("whoever shows a certificate")]);
});

test("root and holders of certificates are told who they are, too", async () => {
  const who = async (asked: Promise<{ body: string }>) => JSON.parse((await asked).body).who;
  expect(await who(askSocket(cluster.socket, { path: "/v1/session" }))).toEqual({
    ...{ name: "root", role: "operator", how: "root", until: null },
  });
  const shown = await who(askTls(cluster.port, secureContextOf(anna), { path: "/v1/session" }));
  expect(shown).toMatchObject({ name: "anna", role: "operator", how: "certificate" });
  expect(Date.parse(shown.until)).toBe(Date.parse(new X509Certificate(anna.certificate).validTo));
});

/** A browser sends a certificate to whoever asks for one, and the cookie wherever its site is asked. */
const ways = [
  ["a browser that is signed in", () => signedIn()],
  ["a browser with an operator's certificate", async () => browser(anna)],
] as const;

test.each(ways)("another site's page gets nothing done by %s", async (_which, open) => {
  const victim = await open();
  const foreign = {
    origin: "https://evil.example",
    "sec-fetch-site": "cross-site",
    "sec-fetch-mode": "no-cors",
  };
  const form = { ...foreign, "sec-fetch-mode": "navigate", "sec-fetch-dest": "document" };
  const type = (value: string) => ({ "content-type": value });
  const body = JSON.stringify(drill);
  const attacks: [string, string, string, Headers][] = [
    ["POST", "/v1/drills", body, { ...foreign, ...type("text/plain") }],
    ["POST", "/v1/drills", body, { ...foreign, ...type("application/json") }],
    ["POST", "/v1/drills", `{"a":"=${body}`, { ...form, ...type("application/x-www-form-urlencoded") }],
    ["POST", "/v1/drills", "--x\r\n\r\n{}\r\n--x--", { ...form, ...type("multipart/form-data; boundary=x") }],
    ["POST", "/v1/pki/request", "", foreign],
    ["POST", "/v1/pki/request", "", form],
    ["POST", "/v1/pki/request", "", { origin: "null" }],
    ["DELETE", "/v1/session", "", foreign],
    ["GET", "/v1/status", "", { ...foreign, "sec-fetch-mode": "cors" }],
    ["GET", "/v1/events/stream", "", foreign],
  ];
  for (const [method, path, text, headers] of attacks) {
    const answer = await victim.send(method, path, text, headers);
    expect([answer.status, answer.body], `${method} ${path}`).toEqual([
      403,
      expect.stringMatching(/a page of another|own page/),
    ]);
    expect(Object.keys(answer.headers).filter((name) => name.startsWith("access-control"))).toEqual([]);
  }
  const preflight = await victim.send("OPTIONS", "/v1/drills", "", {
    ...foreign,
    "sec-fetch-mode": "cors",
    "access-control-request-method": "POST",
    "access-control-request-headers": "content-type",
  });
  expect(preflight.status).toBe(403);
  expect(Object.keys(preflight.headers).filter((name) => name.startsWith("access-control"))).toEqual([]);
  expect(changes).toEqual([]);
  expect((await whoIs(victim))?.name, "and nobody was signed out").toBe("anna");
});

test.each(ways)(
  "a name of the attacker's that leads to the node gets nothing out of %s",
  async (_which, open) => {
    const victim = await open();
    const host = `evil.example:${cluster.port}`;
    for (const [method, path] of [
      ["GET", "/v1/status"],
      ["GET", "/"],
      ["POST", "/v1/pki/request"],
    ] as const) {
      const headers = { host, origin: `https://${host}`, "sec-fetch-site": "same-origin" };
      const answer = await victim.send(method, path, "", headers);
      expect([answer.status, answer.body]).toEqual([
        421,
        expect.stringContaining("does not go by that name"),
      ]);
    }
    expect(changes).toEqual([]);
  },
);

test("a change with a cookie alone is refused: nothing says that the page sent it", async () => {
  const page = await signedIn();
  expect((await page.send("POST", "/v1/pki/request", "", {})).status).toBe(403);
  expect((await page.send("POST", "/v1/pki/request", "", { origin: page.origin })).status).toBe(200);
});

test("no body that a form could send is read, whoever sends it", async () => {
  const types = [
    "text/plain",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "text/json",
    "",
  ];
  for (const type of types) {
    const headers: Headers = type === "" ? {} : { "content-type": type };
    const options = { method: "POST", path: "/v1/drills", headers: { ...headers, "content-length": "2" } };
    expect((await askTls(cluster.port, secureContextOf(anna), options, "{}")).status, type).toBe(415);
  }
  expect(changes).toEqual([]);
});

test("every answer forbids frames, foreign scripts, guesses of its type and copies of it", async () => {
  const page = await signedIn();
  const stranger = browser();
  const answers = [
    await page.page("GET", "/v1/status"),
    await page.page("GET", "/"),
    await page.page("GET", "/v1/nothing"),
    await page.page("GET", "/v1/%zz"),
    await page.send("GET", "/v1/status", "", { host: "evil.example" }),
    await stranger.page("GET", "/v1/status"),
    await stranger.page("GET", "/healthz"),
    await stranger.send("GET", "/", "", { "sec-fetch-site": "cross-site" }),
  ];
  expect(answers.map(({ status }) => status)).toEqual([200, 404, 404, 400, 421, 401, 200, 403]);
  for (const { headers } of answers) {
    const policy = String(headers["content-security-policy"]).split("; ");
    expect(policy).toEqual(
      expect.arrayContaining([
        ...["default-src 'none'", "script-src 'self'", "style-src 'self'", "connect-src 'self'"],
        ...["base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'"],
        "require-trusted-types-for 'script'",
      ]),
    );
    expect(String(policy)).not.toMatch(/unsafe|\*|https?:/);
    expect(headers).toMatchObject({
      ...{ "x-content-type-options": "nosniff", "x-frame-options": "DENY", "referrer-policy": "no-referrer" },
      ...{ "cross-origin-opener-policy": "same-origin", "cross-origin-resource-policy": "same-origin" },
      "cache-control": "no-store",
    });
    expect(headers).not.toHaveProperty("strict-transport-security");
  }
});

test("programs say nothing of what browsers do, and are asked for nothing more", async () => {
  for (const host of ["127.0.0.1", "lb-a.example.net", "10.0.0.9:9999"]) {
    const options = { path: "/v1/status", headers: { host } };
    expect((await askTls(cluster.port, secureContextOf(anna), options)).status).toBe(200);
  }
  expect(
    (await askSocket(cluster.socket, { path: "/v1/status", headers: { origin: "https://a" } })).status,
  ).toBe(200);
});

test("twenty open pages of one person, each in a browser of its own, follow and look at once", {
  timeout: 60_000,
}, async () => {
  const first = await signedIn();
  const pages = Array.from({ length: 20 }, () => browser());
  for (const page of pages) page.cookie = first.cookie;
  const streams = pages.map((page) => page.page("GET", "/v1/events/stream"));
  for (const stream of streams) stream.catch(() => undefined);
  const looks = await Promise.all(
    pages.flatMap((page) =>
      ["/v1/session", "/v1/status", "/v1/history", "/v1/events", "/v1/drift"].map((path) =>
        page.page("GET", path),
      ),
    ),
  );
  expect(looks.map(({ status }) => status)).toEqual(Array(100).fill(200));
  await expect(Promise.race([...streams, soon()])).resolves.toBe("still");
});

const soon = () => new Promise((resolve) => setTimeout(resolve, 300, "still"));

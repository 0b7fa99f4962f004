import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readPage } from "../../../src/agent/server/page-files.js";
import { Cluster } from "./cluster.js";
import { askSocket, askTls } from "./raw.js";

const directory = mkdtempSync(join(tmpdir(), "holdfast-page-"));
const script = `console.log("${"a".repeat(2_000)}")`;
const html = `<!doctype html><script type="module" src="/assets/index-Bx1.js"></script>${" ".repeat(500)}`;
const cluster = new Cluster();

beforeAll(async () => {
  mkdirSync(join(directory, "assets", "deeper"), { recursive: true });
  const files = {
    "index.html": html,
    "secret.html": "not the page's",
    "assets/index-Bx1.js": script,
    "assets/index-Bx1.js.map": "{}",
    "assets/index-Cy2.css": "a{}",
    "assets/logo-D3.png": "not really",
    "assets/.hidden.js": "x",
    "assets/page.php": "x",
    "assets/:name.js": "x",
    "assets/deeper/a.js": "x",
  };
  for (const [name, body] of Object.entries(files)) writeFileSync(join(directory, name), body);
  symlinkSync("/etc", join(directory, "assets", "etc"));
  await cluster.start({ page: await readPage(directory) });
});
afterAll(async () => {
  await cluster.stop();
  rmSync(directory, { recursive: true });
});

const get = (path: string, headers: Record<string, string> = {}, method = "GET") =>
  askTls(cluster.port, {}, { path, headers, method });

test("anybody has the page's files, over TLS and through the socket, and each says what it is", async () => {
  for (const ask of [get, (path: string) => askSocket(cluster.socket, { path })]) {
    const index = await ask("/");
    expect([index.status, index.body]).toEqual([200, html]);
    expect(index.headers).toMatchObject({
      ...{ "content-type": "text/html; charset=utf-8", "cache-control": "no-cache" },
      "content-length": String(html.length),
    });
    const asset = await ask("/assets/index-Bx1.js");
    expect([asset.status, asset.body]).toEqual([200, script]);
    expect(asset.headers).toMatchObject({
      "content-type": "text/javascript; charset=utf-8",
      "cache-control": "public, max-age=31536000, immutable",
    });
  }
  const typeOf = async (path: string) => (await get(path)).headers["content-type"];
  expect(await typeOf("/assets/index-Cy2.css")).toBe("text/css; charset=utf-8");
  expect(await typeOf("/assets/logo-D3.png")).toBe("image/png");
  expect(await typeOf("/?from=mail")).toBe("text/html; charset=utf-8");
});

test("what was never read as the page is answered like any other wrong path, whatever is on the disk", async () => {
  for (const path of [
    "/index.html",
    "/secret.html",
    "/assets/",
    "/assets/index-Bx1.js.map",
    "/assets/.hidden.js",
    "/assets/page.php",
    "/assets/:name.js",
    "/assets/x.js",
    "/assets/deeper/a.js",
    "/assets/etc/hostname",
    "/assets/../secret.html",
    "/assets/%2e%2e/secret.html",
    "/assets/..%2fsecret.html",
    "//assets/index-Bx1.js",
  ]) {
    const { status, headers, body } = await askSocket(cluster.socket, { path });
    expect([status, headers["content-type"]], path).toEqual([404, "application/json; charset=utf-8"]);
    expect(JSON.parse(body).error).toContain("there is no such route");
  }
  writeFileSync(join(directory, "assets/index-Bx1.js"), "changed behind the agent's back");
  expect((await get("/assets/index-Bx1.js")).body).toBe(script);
});

test("who takes gzip gets it where it is smaller", async () => {
  const zipped = async (path: string, accept: string) => {
    const raw = await new Promise<Buffer>((resolve, reject) => {
      import("node:https").then(({ request }) =>
        request(
          {
            host: "127.0.0.1",
            port: cluster.port,
            path,
            rejectUnauthorized: false,
            headers: { "accept-encoding": accept },
          },
          (response) => {
            const chunks: Buffer[] = [];
            response.on("data", (chunk) => chunks.push(chunk));
            response.on("end", () =>
              resolve(
                response.headers["content-encoding"] === "gzip"
                  ? gunzipSync(Buffer.concat(chunks))
                  : Buffer.alloc(0),
              ),
            );
          },
        )
          .on("error", reject)
          .end(),
      );
    });
    return raw.toString();
  };
  expect(await zipped("/assets/index-Bx1.js", "gzip, deflate, br")).toBe(script);
  expect(await zipped("/", "br;q=1.0, gzip;q=0.8")).toBe(html);
  for (const accept of ["br", "gzip;q=0", "gzip;q=0.0, *", "xgzip"])
    expect(await zipped("/", accept)).toBe("");
  expect(await zipped("/assets/index-Cy2.css", "gzip"), "three letters grow").toBe("");
  expect((await get("/", { "accept-encoding": "gzip" })).headers.vary).toBe("accept-encoding");
});

test("who has the page already is told so, for each encoding by itself", async () => {
  const plain = String((await get("/")).headers.etag);
  const zipped = String((await get("/", { "accept-encoding": "gzip" })).headers.etag);
  expect(plain).not.toBe(zipped);
  const again = await get("/", { "if-none-match": `"x", W/${plain}` });
  expect([again.status, again.body, again.headers.etag]).toEqual([304, "", plain]);
  expect((await get("/", { "if-none-match": zipped })).status).toBe(200);
  expect((await get("/", { "if-none-match": zipped, "accept-encoding": "gzip" })).status).toBe(304);
});

test("HEAD says what GET would, without it", async () => {
  const { status, headers, body } = await get("/", {}, "HEAD");
  expect([status, headers["content-length"], body]).toEqual([200, String(html.length), ""]);
  expect((await get("/", {}, "POST")).status).toBe(401);
});

test("without a build the page says how to make one", async () => {
  expect(await readPage(join(directory, "nowhere"))).toEqual([]);
  const unbuilt = await new Cluster().start();
  const { status, body } = await askTls(unbuilt.port, {}, { path: "/" });
  expect([status, JSON.parse(body).error]).toEqual([
    404,
    expect.stringContaining("'npm run build' makes it"),
  ]);
  await unbuilt.stop();
});

import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import { post } from "../../../src/agent/notify/post.js";

let server: Server | null = null;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

/** A receiver on loopback, with a password in its path. */
async function receiver(answer: RequestListener): Promise<URL> {
  const listening = createServer(answer);
  server = listening;
  await new Promise<void>((resolve) => listening.listen(0, "127.0.0.1", resolve));
  return new URL(`http://127.0.0.1:${(listening.address() as AddressInfo).port}/hooks/secret`);
}

test("a message arrives as it was written", async () => {
  const bodies: string[] = [];
  const url = await receiver(async (request, response) => {
    for await (const piece of request) bodies.push(String(piece));
    bodies.push(request.method ?? "", request.url ?? "", request.headers["content-type"] ?? "");
    response.end("ok");
  });
  expect(await post(url, '{"text":"é"}')).toEqual({ kind: "taken" });
  expect(bodies).toEqual(['{"text":"é"}', "POST", "/hooks/secret", "application/json"]);
});

test.each([
  [204, "taken"],
  [301, "refused"],
  [404, "refused"],
  [408, "again"],
  [429, "again"],
  [500, "again"],
  [503, "again"],
])("a status of %i", async (status, kind) => {
  const asked: string[] = [];
  const url = await receiver((request, response) => {
    asked.push(request.url ?? "");
    response.writeHead(status, { location: "/elsewhere" }).end();
  });
  const answer = await post(url, "{}");
  expect(answer.kind).toBe(kind);
  expect(JSON.stringify(answer)).not.toContain("secret");
  expect(asked).toEqual(["/hooks/secret"]);
});

test("what answers in another protocol is no receiver", async () => {
  const url = await receiver((request) => {
    request.socket.write("HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: other\r\n\r\n");
  });
  expect(await post(url, "{}")).toMatchObject({ kind: "refused" });
});

test("an answer that never ends is not waited for", async () => {
  const url = await receiver((_request, response) => {
    response.writeHead(200);
    const more = setInterval(() => response.write("x".repeat(65_536)), 1);
    response.on("close", () => clearInterval(more));
  });
  expect(await post(url, "{}")).toEqual({ kind: "taken" });
});

test("a receiver that says nothing, one that hangs up, and one that is not there are asked again", async () => {
  const silent = await receiver(() => undefined);
  expect(await post(silent, "{}", 100)).toMatchObject({
    kind: "again",
    why: `${silent.host}: no answer within 0.1 s`,
  });
  const rude = await receiver((request) => request.socket.destroy());
  expect(await post(rude, "{}")).toMatchObject({ kind: "again" });
  expect((await post(new URL("ftp://127.0.0.1/secret"), "{}")).kind).toBe("refused");
  expect(await post(new URL("http://127.0.0.1:1/secret"), "{}")).toEqual({
    kind: "again",
    why: "127.0.0.1:1: ECONNREFUSED",
  });
});

import { rmSync } from "node:fs";
import { createServer as createHttp } from "node:http";
import { connect, createServer, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { clientHeader, greeting, routeHeader } from "../test/vpn/recorded.js";
import { controlSocket, roamer } from "./vpn-scale-roamers.js";

/**
 * Says what OpenVPN would, in the words that were recorded of it, of clients that are not there: `SERVER-INDEX CLIENTS
 * MANAGEMENT-SOCKET`. Its control socket takes `/clients/N`, `/reconnect/N/MILLISECONDS` (one client after the other) and `/flap/N/MILLISECONDS` (one alone), which end when all is said.
 */
const [, , index = "0", count = "0", management = ""] = process.argv;
const server = Number(index);
const hooks = "/run/holdfast/vpn.sock";
const started = Math.floor(Date.now() / 1_000);

interface Login {
  readonly name: string;
  readonly address: string;
  readonly ip: string;
  port: number;
  since: number;
  cid: number;
}

const clients: Login[] = [];
const managers = new Set<Socket>();
let logins = 0;

function grow(to: number): void {
  while (clients.length < to) {
    const { name, address, from } = roamer(server, clients.length);
    clients.push({ name, address, ip: from, port: 20_000, since: started, cid: logins++ });
  }
  clients.length = to;
}

function* snapshot(): Generator<string> {
  yield "TITLE\tOpenVPN 2.6.14 x86_64-pc-linux-gnu [SSL (OpenSSL)] [LZO] [LZ4] [EPOLL] [PKCS11] [MH/PKTINFO] [AEAD] [DCO]";
  yield `TIME\t2026-11-30 04:04:59\t${started}`;
  yield clientHeader;
  for (const { name, address, ip, port, since, cid } of clients)
    yield `CLIENT_LIST\t${name}\t${ip}:${port}\t${address}\t\t1975\t2002\t2026-11-30 04:04:58\t${since}\tUNDEF\t${cid}\t${cid}\tAES-256-GCM`;
  yield routeHeader;
  for (const { name, address, ip, port, since } of clients)
    yield `ROUTING_TABLE\t${address}\t${name}\t${ip}:${port}\t2026-11-30 04:04:58\t${since}`;
  yield "GLOBAL_STATS\tMax bcast/mcast queue length\t0";
  yield "GLOBAL_STATS\tdco_enabled\t0";
  yield "END";
}

const lines = (words: Iterable<string>): string => [...words].map((line) => `${line}\r\n`).join("");

rmSync(management, { force: true });
createServer((socket) => {
  let rest = "";
  let known = false;
  socket.write("ENTER PASSWORD:");
  socket.on("error", () => socket.destroy());
  socket.on("close", () => managers.delete(socket));
  socket.on("data", (bytes) => {
    const words = (rest + bytes.toString("utf8")).split("\n");
    rest = words.pop() ?? "";
    for (const word of words) {
      if (!known) {
        known = true;
        managers.add(socket);
        socket.write(lines(greeting));
      } else if (word === "status 3") socket.write(lines(snapshot()));
      else socket.write(lines(["SUCCESS: client-kill command succeeded"]));
    }
  });
}).listen(management);

/** One hook: a connection, its words, and the end. */
const hook = (words: Readonly<Record<string, string | number>>): Promise<void> =>
  new Promise((done) => {
    const socket = connect(hooks);
    const text = Object.entries(words).map(([key, value]) => `${key}=${value}\n`);
    socket.on("error", () => socket.destroy());
    socket.on("close", () => done());
    socket.end(text.join(""));
  });

/** Its certificate comes again, and OpenVPN ends the login before: what the real one was seen to say, in its order. */
async function reconnect(client: Login): Promise<void> {
  const session = () => ({
    ...{ common_name: client.name, time_unix: client.since },
    ...{ trusted_ip: client.ip, trusted_port: client.port, ifconfig_pool_remote_ip: client.address },
  });
  await hook({ script_type: "client-disconnect", ...session() });
  client.since += 1;
  client.port = 20_000 + ((client.port + 1) % 20_000);
  client.cid = logins++;
  await hook({ script_type: "client-connect", ...session() });
  await hook({ script_type: "learn-address", operation: "add", address: client.address, ...session() });
  const environment = Object.entries(session()).map(([key, value]) => `>CLIENT:ENV,${key}=${value}`);
  const told = lines([`>CLIENT:ESTABLISHED,${client.cid}`, ...environment, ">CLIENT:ENV,END"]);
  for (const manager of managers) manager.write(told);
}

/** Steps through all clients by a number that shares no factor with theirs. */
const stride = 7_919;
let turn = 0;

rmSync(controlSocket, { force: true });
createHttp(async (request, response) => {
  const [, verb, amount, pause] = (request.url ?? "").split("/");
  if (verb === "clients") grow(Number(amount));
  else
    for (let each = 0; each < Number(amount); each++) {
      turn = (turn + stride) % clients.length;
      const client = clients[verb === "flap" ? 0 : turn];
      if (client !== undefined) await reconnect(client);
      await sleep(Number(pause));
    }
  response.end(`${clients.length}\n`);
}).listen(controlSocket);

grow(Number(count));

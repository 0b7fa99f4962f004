import { mkdtemp, rm } from "node:fs/promises";
import { connect, createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect } from "vitest";
import { SharedService } from "../../../src/mirror/inline/shared-service.js";
import { helloFor } from "../../../src/mirror/openflow/hello.js";
import { message } from "../../../src/mirror/openflow/message.js";
import { listening } from "../../openflow-load/listening.js";
import { features } from "../session/dialogue.js";
import { proxied } from "./proxied.js";

export const hello = helloFor(4, 1);
export const types = {
  packetIn: 10,
  flowRemoved: 11,
  flowMod: 14,
  barrierRequest: 20,
  barrierReply: 21,
} as const;

export interface End {
  readonly socket: Socket;
  heard: string;
  ended: boolean;
}

/** Connections as they came: at the pool's controller and at the master controller, both of which greet. */
export const came: Record<"pool" | "master", End[]> = { pool: [], master: [] };
/** What is tried, and how many milliseconds its clock is ahead. */
export const rig = {} as {
  service: SharedService;
  ahead: number;
  /** What was said, by whom, and whether it reached the switch. */
  outcomes: string[];
  path: string;
  pool: Awaited<ReturnType<typeof listening>>;
  master: Awaited<ReturnType<typeof listening>>;
};
let server: Server;
let directory: string;
let ticking: NodeJS.Timeout;
export const clients: Socket[] = [];
/** The clients' connections, at the service's end. */
export const behindDoor: Socket[] = [];

export const watched = (socket: Socket): End => {
  const end = { socket, heard: "", ended: false };
  socket.on("data", (bytes) => {
    end.heard += bytes.toString("hex");
  });
  socket.on("error", () => undefined);
  socket.on("close", () => {
    end.ended = true;
  });
  return end;
};

beforeEach(async () => {
  for (const who of ["pool", "master"] as const) came[who] = [];
  const greets = (who: "pool" | "master") => (socket: Socket) => {
    came[who].push(watched(socket));
    socket.write(hello);
  };
  rig.pool = await listening(greets("pool"));
  rig.master = await listening(greets("master"));
  const place = { address: "127.0.0.1", port: rig.master.port, writes: "error", queue: 65_536 } as const;
  [rig.ahead, rig.outcomes] = [0, []];
  const clock = () => performance.now() + rig.ahead;
  rig.service = new SharedService({ master: place, forwards: true, writes: "forward" }, clock, {
    said: (_, from, said) => {
      const words = `${from} ${said.readUInt8(1)} ${said.readUInt32BE(4)}`;
      return (reached) => void rig.outcomes.push(`${words} ${reached}`);
    },
  });
  directory = await mkdtemp(join(tmpdir(), "shared-"));
  rig.path = join(directory, "c1.sock");
  server = createServer((socket) => {
    behindDoor.push(socket);
    rig.service.accept(socket, { name: "c1", address: "127.0.0.1", port: rig.pool.port });
  });
  await new Promise<void>((done) => server.listen(rig.path, done));
  ticking = setInterval(() => rig.service.tick(), 10);
});
afterEach(async () => {
  clearInterval(ticking);
  rig.service.end();
  for (const client of clients.splice(0)) client.destroy();
  server.close();
  await rig.pool.end();
  await rig.master.end();
  await rm(directory, { recursive: true });
});

/** HAProxy connects, for a switch with this address or for itself, and the switch says this. */
export function comes(address: string | null, ...words: Buffer[]): End {
  const socket = connect(rig.path);
  clients.push(socket);
  socket.write(Buffer.concat([proxied(address, 40_001), ...words]));
  return watched(socket);
}

export const until = (what: () => unknown) => expect.poll(what, { timeout: 5_000 }).toBeTruthy();
export const hears = (end: () => End | undefined, bytes: Buffer) =>
  until(() => end()?.heard.includes(bytes.toString("hex")));

/** A switch that greets, is asked for its features and tells them. */
export async function live(address = "10.0.1.7"): Promise<End> {
  const index = came.pool.length;
  const end = comes(address, hello);
  await until(() => came.pool[index]?.heard.includes(hello.toString("hex")));
  came.pool[index]?.socket.write(message(4, 5, 9));
  await hears(() => end, message(4, 5, 1));
  const told = features(4);
  told.writeUInt32BE(1, 4);
  end.socket.write(told);
  return end;
}

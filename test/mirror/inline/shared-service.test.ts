import { mkdtemp, rm } from "node:fs/promises";
import { connect, createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { SharedService } from "../../../src/mirror/inline/shared-service.js";
import { helloFor } from "../../../src/mirror/openflow/hello.js";
import { message } from "../../../src/mirror/openflow/message.js";
import { MasterSession } from "../../../src/mirror/session/master-session.js";
import { listening } from "../../openflow-load/listening.js";
import { features } from "../session/dialogue.js";
import { proxied } from "./proxied.js";

const hello = helloFor(4, 1);
const [packetIn, flowRemoved, flowMod, barrierRequest, barrierReply] = [10, 11, 14, 20, 21];

interface End {
  readonly socket: Socket;
  heard: string;
  ended: boolean;
}

/** Connections as they came: at the pool's controller and at the master controller, both of which greet. */
const came: Record<"pool" | "master", End[]> = { pool: [], master: [] };
let pool: Awaited<ReturnType<typeof listening>>;
let master: Awaited<ReturnType<typeof listening>>;
let service: SharedService;
let server: Server;
let directory: string;
let path: string;
let ticking: NodeJS.Timeout;
const clients: Socket[] = [];
/** Of what controllers said: who, the type, the number, and whether it reached the switch. */
let said: string[] = [];
/** The clients' connections, at the service's end. */
const behindDoor: Socket[] = [];

const watched = (socket: Socket): End => {
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
  said = [];
  const greets = (who: "pool" | "master") => (socket: Socket) => {
    came[who].push(watched(socket));
    socket.write(hello);
  };
  pool = await listening(greets("pool"));
  master = await listening(greets("master"));
  const place = { address: "127.0.0.1", port: master.port, writes: "error", queue: 65_536 } as const;
  service = new SharedService({ master: place, forwards: true, writes: "forward" }, () => performance.now(), {
    said: (_, from, bytes) => {
      const word = `${from} ${bytes.readUInt8(1)} ${bytes.readUInt32BE(4)}`;
      return (reached) => void said.push(`${word} ${reached}`);
    },
  });
  directory = await mkdtemp(join(tmpdir(), "shared-"));
  path = join(directory, "c1.sock");
  server = createServer((socket) => {
    behindDoor.push(socket);
    service.accept(socket, { name: "c1", address: "127.0.0.1", port: pool.port });
  });
  await new Promise<void>((done) => server.listen(path, done));
  ticking = setInterval(() => service.tick(), 10);
});
afterEach(async () => {
  clearInterval(ticking);
  service.end();
  for (const client of clients.splice(0)) client.destroy();
  server.close();
  await pool.end();
  await master.end();
  await rm(directory, { recursive: true });
});

/** HAProxy connects, for a switch with this address or for itself, and the switch says this. */
function comes(address: string | null, ...words: Buffer[]): End {
  const socket = connect(path);
  clients.push(socket);
  socket.write(Buffer.concat([proxied(address, 40_001), ...words]));
  return watched(socket);
}

const until = (what: () => unknown) => expect.poll(what, { timeout: 5_000 }).toBeTruthy();
const hears = (end: () => End | undefined, bytes: Buffer) =>
  until(() => end()?.heard.includes(bytes.toString("hex")));

/** A switch that greets, is asked for its features and tells them. */
async function live(address = "10.0.1.7"): Promise<End> {
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

test("both controllers ask, the switch answers each, and what it tells unasked reaches both", async () => {
  const end = await live();
  await until(() => came.master[0]?.heard.includes(hello.toString("hex")));
  came.master[0]?.socket.write(
    Buffer.concat([message(4, flowMod, 9, Buffer.alloc(48)), message(4, barrierRequest, 9)]),
  );
  await hears(() => end, message(4, barrierRequest, 3));
  end.socket.write(Buffer.concat([message(4, barrierReply, 3), message(4, packetIn, 0, Buffer.alloc(32))]));
  await hears(() => came.master[0], message(4, barrierReply, 9));
  for (const who of ["pool", "master"] as const)
    await hears(() => came[who][0], message(4, packetIn, 0, Buffer.alloc(32)));
  expect(came.pool[0]?.heard).not.toContain(message(4, barrierReply, 9).toString("hex"));
});

test("a master controller that is not there costs the switch nothing", async () => {
  await master.end();
  const end = await live();
  end.socket.write(message(4, packetIn, 0, Buffer.alloc(32)));
  await hears(() => came.pool[0], message(4, packetIn, 0, Buffer.alloc(32)));
  expect([...service.sessions][0]?.link?.state).not.toBe("live");
});

test("a health check passes, and the master controller does not hear of it", async () => {
  comes(null, hello, features(4));
  await hears(() => came.pool[0], features(4));
  service.tick();
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(came.master).toHaveLength(0);
});

test("who does not say for whom it connects is not let in", async () => {
  const socket = connect(path);
  clients.push(socket);
  socket.write(hello);
  const end = watched(socket);
  await until(() => end.ended);
  expect(came.pool).toHaveLength(0);
});

test("where the controller is not there, the switch's connection ends, and so HAProxy knows", async () => {
  await pool.end();
  const end = comes("10.0.1.7", hello);
  await until(() => end.ended);
});

test("when one end goes, so do the others", async () => {
  const end = await live();
  await until(() => came.master[0]);
  came.pool[0]?.socket.destroy();
  await until(() => end.ended);
  await until(() => came.master[0]?.ended);
  expect(service.sessions.size).toBe(0);
});

test("a controller that does not read is waited for: nothing is kept for it without end", async () => {
  const end = await live();
  came.pool[0]?.socket.pause();
  const told = message(4, packetIn, 0, Buffer.alloc(60_000));
  let taken = 0;
  await new Promise<void>((resolve) => {
    const more = (): void => {
      while (taken < 1_000) {
        taken += 1;
        if (!end.socket.write(told)) return void end.socket.once("drain", more);
      }
      resolve();
    };
    more();
    setTimeout(resolve, 1_000);
  });
  // 60 MB were to be sent: what the system's buffers and ours hold is taken, no more.
  expect(taken).toBeLessThan(500);
  came.pool[0]?.socket.resume();
  await until(() => end.socket.writableLength === 0);
});

test.each([0, 1, 3, 6])(
  "a controller's last words reach a switch that reads late, although it is gone (%d MB)",
  async (megabytes) => {
    const end = await live();
    await until(() => came.master[0]);
    end.socket.pause();
    end.heard = "";
    const controller = came.pool[0]?.socket;
    for (let count = 0; count < 16 * megabytes + 1; count += 1)
      controller?.write(message(4, flowMod, 9, Buffer.alloc(62_492)));
    controller?.end();
    await new Promise((done) => setTimeout(done, 300));
    end.socket.resume();
    await until(() => end.ended);
    expect(end.heard.length / 2).toBe((16 * megabytes + 1) * 62_500);
  },
);

test("a master controller's flood is heard a little at a time, and the rest of the world in between", async () => {
  await live();
  await hears(() => came.master[0], hello);
  const end = came.master[0] as End;
  const receive = vi.spyOn(MasterSession.prototype, "receive");
  let most = 0;
  let turn: NodeJS.Immediate;
  const look = (): void => {
    most = Math.max(
      most,
      receive.mock.calls.reduce((sum, [bytes]) => sum + bytes.length, 0),
    );
    receive.mockClear();
    turn = setImmediate(look);
  };
  turn = setImmediate(look);
  end.heard = "";
  const flood = Buffer.alloc(1_048_576, message(4, 2, 9));
  end.socket.write(flood);
  await until(() => end.heard.length === 2 * flood.length);
  clearImmediate(turn);
  receive.mockRestore();
  expect(most).toBeGreaterThan(0);
  expect(most).toBeLessThanOrEqual(32_768);
});

test("the master controller hears what a switch says in the order in which it was said", async () => {
  const end = await live();
  await hears(() => came.master[0], hello);
  const master = came.master[0] as End;
  const removed = (cookie: number) => message(4, flowRemoved, 0, Buffer.alloc(48, cookie));
  // Behind the first of these the switch is asked under the number after.
  for (const [round, number] of [
    [1, 2],
    [2, 3],
  ] as const) {
    master.heard = "";
    master.socket.write(message(4, barrierRequest, 9));
    await hears(() => end, message(4, barrierRequest, number));
    const said = [removed(1), message(4, barrierReply, number), removed(2)];
    if (round === 1) end.socket.write(Buffer.concat(said));
    else {
      const turn = () => new Promise((done) => setImmediate(done));
      for (const word of said) {
        end.socket.write(word);
        await turn();
      }
    }
    const told = [removed(1), message(4, barrierReply, 9), removed(2)];
    await until(() => master.heard.length >= 2 * Buffer.concat(told).length);
    expect(master.heard).toBe(Buffer.concat(told).toString("hex"));
  }
});

test("what a master controller says to a switch that does not read takes little of the room of the pool's", async () => {
  const end = await live();
  await until(() => came.master[0]?.heard.includes(hello.toString("hex")));
  end.socket.pause();
  const told = message(4, flowMod, 9, Buffer.alloc(992));
  for (let count = 0; count < 2_000; count += 1) came.master[0]?.socket.write(told);
  await until(() => service.exchange.shed > 0);
  expect(behindDoor.at(-1)?.writableLength).toBeLessThan(65_536);
});

test("a switch that comes back is the same datapath: the master controller's older connection ends", async () => {
  await live("10.0.1.7");
  await until(() => came.master[0]);
  await live("10.0.1.7");
  await until(() => came.master[0]?.ended);
  await until(() => came.master[1]);
  expect(came.master[1]?.ended).toBe(false);
});

test("an answer that nobody waits for is counted, and stays so when its session ended", async () => {
  expect(service.exchange).toEqual({ unmatched: 0, shed: 0, expired: 0 });
  const late = features(4);
  late.writeUInt32BE(1, 4);
  for (const times of [1, 2]) {
    const end = await live();
    end.socket.write(late);
    await until(() => service.exchange.unmatched === times);
    end.socket.destroy();
    await until(() => service.sessions.size === 0);
    expect(service.exchange).toEqual({ unmatched: times, shed: 0, expired: 0 });
  }
});

test("all that the master controller says is told of, also what is answered in the switch's place", async () => {
  await live();
  await until(() => came.master[0]?.heard.includes(hello.toString("hex")));
  const [echoRequest, echoReply, featuresRequest, setConfig] = [2, 3, 5, 9];
  for (const [number, type] of [echoRequest, echoReply, featuresRequest, setConfig, barrierRequest].entries())
    came.master[0]?.socket.write(message(4, type, number + 50, Buffer.alloc(type === setConfig ? 4 : 0)));
  await until(() => said.includes(`master ${barrierRequest} 54 true`));
  expect(said.filter((word) => word.startsWith("master"))).toEqual([
    "master 0 1 false",
    "master 2 50 false",
    "master 3 51 false",
    "master 5 52 false",
    "master 9 53 false",
    "master 20 54 true",
  ]);
});

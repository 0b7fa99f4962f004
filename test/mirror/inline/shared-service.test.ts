import { connect } from "node:net";
import { expect, test, vi } from "vitest";
import { message } from "../../../src/mirror/openflow/message.js";
import { MasterSession } from "../../../src/mirror/session/master-session.js";
import { features } from "../session/dialogue.js";
import {
  came,
  clients,
  comes,
  type End,
  hears,
  hello,
  live,
  rig,
  types,
  until,
  watched,
} from "./shared-rig.js";

const { packetIn, flowRemoved, flowMod, barrierRequest, barrierReply } = types;

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
  await rig.master.end();
  const end = await live();
  end.socket.write(message(4, packetIn, 0, Buffer.alloc(32)));
  await hears(() => came.pool[0], message(4, packetIn, 0, Buffer.alloc(32)));
  expect([...rig.service.sessions][0]?.link?.state).not.toBe("live");
});

test("a health check passes, and the master controller does not hear of it", async () => {
  comes(null, hello, features(4));
  await hears(() => came.pool[0], features(4));
  rig.service.tick();
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(came.master).toHaveLength(0);
});

test("who does not say for whom it connects is not let in", async () => {
  const socket = connect(rig.path);
  clients.push(socket);
  socket.write(hello);
  const end = watched(socket);
  await until(() => end.ended);
  expect(came.pool).toHaveLength(0);
});

test("where the controller is not there, the switch's connection ends, and so HAProxy knows", async () => {
  await rig.pool.end();
  const end = comes("10.0.1.7", hello);
  await until(() => end.ended);
});

test("when one end goes, so do the others", async () => {
  const end = await live();
  await until(() => came.master[0]);
  came.pool[0]?.socket.destroy();
  await until(() => end.ended);
  await until(() => came.master[0]?.ended);
  expect(rig.service.sessions.size).toBe(0);
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

test("a switch that comes back is the same datapath: the master controller's older connection ends", async () => {
  await live("10.0.1.7");
  await until(() => came.master[0]);
  await live("10.0.1.7");
  await until(() => came.master[0]?.ended);
  await until(() => came.master[1]);
  expect(came.master[1]?.ended).toBe(false);
});

test("an answer that nobody waits for is counted, and stays so when its session ended", async () => {
  expect(rig.service.exchange).toEqual({ unmatched: 0, shed: 0, expired: 0 });
  const late = features(4);
  late.writeUInt32BE(1, 4);
  for (const times of [1, 2]) {
    const end = await live();
    end.socket.write(late);
    await until(() => rig.service.exchange.unmatched === times);
    end.socket.destroy();
    await until(() => rig.service.sessions.size === 0);
    expect(rig.service.exchange).toEqual({ unmatched: times, shed: 0, expired: 0 });
  }
});

test("all that the master controller says is told of, also what is answered in the switch's place", async () => {
  await live();
  await until(() => came.master[0]?.heard.includes(hello.toString("hex")));
  const [echoRequest, echoReply, featuresRequest, setConfig] = [2, 3, 5, 9];
  for (const [number, type] of [echoRequest, echoReply, featuresRequest, setConfig, barrierRequest].entries())
    came.master[0]?.socket.write(message(4, type, number + 50, Buffer.alloc(type === setConfig ? 4 : 0)));
  await until(() => rig.outcomes.includes(`master ${barrierRequest} 54 true`));
  expect(rig.outcomes.filter((word) => word.startsWith("master"))).toEqual([
    "master 0 1 false",
    "master 2 50 false",
    "master 3 51 false",
    "master 5 52 false",
    "master 9 53 false",
    "master 20 54 true",
  ]);
});

test("a session that the master controller has no part in is told of: what is no OpenFlow, and a switch's older one", async () => {
  comes("10.0.1.9", Buffer.from("16030100fe010000fa0303000102030405", "hex"));
  await until(() => came.pool.length === 1);
  await live("10.0.1.7");
  await live("10.0.1.8");
  const told = () => rig.service.report.map(({ client, state, why }) => [client.split(" ")[0], state, why]);
  await expect
    .poll(told, { timeout: 5_000 })
    .toEqual([
      ["10.0.1.9", "unidentified", "what it says is no OpenFlow"],
      ...[["10.0.1.7", "displaced", ""]],
      ...[["10.0.1.8", "live", ""]],
    ]);
});

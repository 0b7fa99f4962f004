import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { afterEach, expect, test } from "vitest";
import { Capture } from "../../src/capture/capture.js";
import { copiedPackets } from "../../src/capture/copied-packets.js";
import { mirrorFilter } from "../../src/mirror/capture/filter.js";
import { type TcpPacket, tcpPacketIn } from "../../src/mirror/capture/tcp-packet.js";
import { Reassembly } from "../../src/mirror/stream/reassembly.js";

const ends: (() => void)[] = [];
afterEach(() => {
  for (const end of ends.splice(0)) end();
});

async function sink(address: string): Promise<number> {
  const server = createServer((socket) => socket.resume()).listen(0, address);
  await once(server, "listening");
  ends.push(() => server.close());
  return (server.address() as AddressInfo).port;
}

async function session(address: string, port: number): Promise<Socket> {
  const socket = connect({ host: address, port, noDelay: true });
  await once(socket, "connect");
  ends.push(() => socket.destroy());
  return socket;
}

/** Bytes that the kernel sent on this connection, those that it sent again, too (ss(8)). */
function sentBy({ localPort }: Socket): number {
  const shown = execFileSync("ss", ["-tinH", `sport = :${localPort}`], { encoding: "utf8" });
  return Number(/ bytes_sent:(\d+)/.exec(shown)?.[1]);
}

/** What arrives at an endpoint, as it is copied. */
async function copying(
  address: string,
  port: number,
): Promise<{ packets: TcpPacket[]; bytes: () => Buffer; pid: number }> {
  const family = address.includes(":") ? 6 : 4;
  const packets: TcpPacket[] = [];
  const program = await copiedPackets(mirrorFilter([{ family, address, port }]), [family], 16_384);
  const pid = await new Promise<number>((resolve, reject) => {
    const capture = new Capture(program, {
      packets: (piece) => {
        for (const { bytes } of piece) {
          const packet = tcpPacketIn(Buffer.from(bytes));
          if (packet !== null) packets.push(packet);
        }
      },
      ready: () => resolve(capture.pid ?? 0),
      ended: (why) => reject(new Error(why)),
    });
    ends.push(() => capture.stop());
  });
  const bytes = () => {
    const all: Buffer[] = [];
    const stream = new Reassembly({
      data: (piece) => void all.push(Buffer.from(piece)),
      gap: () => all.push(Buffer.from("GAP")),
      astray: () => all.push(Buffer.from("ASTRAY")),
    });
    for (const { payload, sequence } of packets) if (payload.length > 0) stream.segment(sequence, payload, 0);
    return Buffer.concat(all);
  };
  return { packets, bytes, pid };
}

test.each(["127.0.0.1", "::1"])(
  "what is sent to %s is copied once and whole, and nothing else is",
  async (address) => {
    const [port, other] = [await sink(address), await sink(address)];
    const { packets, bytes } = await copying(address, port);
    const [client, stranger] = [await session(address, port), await session(address, other)];
    stranger.write("not this");
    client.write("a word");
    await expect.poll(() => bytes().toString(), { timeout: 5_000 }).toBe("a word");
    // Larger than any segment on a wire: the loopback device puts up to 64 KiB into one.
    const much = Buffer.alloc(4_000_000, "0123456789abcdef");
    client.write(much);
    await expect.poll(() => bytes().length, { timeout: 10_000 }).toBe(6 + much.length);
    expect(bytes().subarray(6).equals(much)).toBe(true);
    expect(packets.filter(({ syn }) => syn)).toHaveLength(1);
    // The kernel may send some of it again, as on a wire.
    const told = packets.reduce((sum, { payload }) => sum + payload.length, 0);
    expect(told).toBe(sentBy(client));
  },
);

test("whoever copies can do nothing else: it is nobody, in no group, and without a capability", async () => {
  const port = await sink("127.0.0.1");
  const { bytes, pid } = await copying("127.0.0.1", port);
  const status = await readFile(`/proc/${pid}/status`, "utf8");
  const said = (name: string) => new RegExp(`^${name}:\\s+(.*?)\\s*$`, "m").exec(status)?.[1];
  const all = Array(4).fill("65534").join("\t");
  expect([said("Uid"), said("Gid"), said("Groups")]).toEqual([all, all, "65534"]);
  for (const set of ["CapInh", "CapPrm", "CapEff", "CapAmb"]) expect(said(set)).toBe("0".repeat(16));
  (await session("127.0.0.1", port)).write("a word");
  await expect.poll(() => bytes().toString(), { timeout: 5_000 }).toBe("a word");
});

test("it ends with whoever reads it, even where nothing comes that it could write", async () => {
  const { argv, stdin } = await copiedPackets("tcp port 1 and tcp port 2", [4], 16_384);
  const [program = "", ...words] = argv;
  const child = spawn(program, words, { stdio: ["pipe", "pipe", "pipe"] });
  ends.push(() => child.kill("SIGKILL"));
  child.stdin.end(stdin);
  await once(child.stderr, "data");
  child.stdout.destroy();
  expect(await once(child, "exit")).toEqual([0, null]);
});

test("a filter that is none is refused in the words of whoever reads it", async () => {
  await expect(copiedPackets("no such words", [4], 16_384)).rejects.toThrow(/syntax error|tcpdump/);
});

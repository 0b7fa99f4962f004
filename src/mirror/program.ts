import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { PcapReader } from "../agent/wire/pcap.js";
import { type Endpoint, mirrorFilter } from "./capture/filter.js";
import { tcpPacketIn } from "./capture/tcp-packet.js";
import { ServiceMirror } from "./switch/service-mirror.js";
import type { MasterPlace } from "./switch/switch-mirror.js";

const whole = 262_144;
const { endpoints, place }: { endpoints: Endpoint[]; place: MasterPlace } = JSON.parse(
  process.argv[2] ?? "{}",
);
const clock = () => performance.now();
const service = new ServiceMirror(place, clock);
const child = spawn(
  "tcpdump",
  [
    "-Z",
    "root",
    "-i",
    "any",
    "-y",
    "LINUX_SLL2",
    "-n",
    "-s",
    String(whole),
    "-B",
    process.argv[3] ?? "8192",
    "-w",
    "-",
    "--immediate-mode",
    "-U",
    mirrorFilter(endpoints),
  ],
  { stdio: ["ignore", "pipe", "inherit"] },
);
const reader = new PcapReader(whole);
let [pieces, packets] = [0, 0];
child.stdout.on("data", (piece: Buffer) => {
  pieces += 1;
  for (const { bytes } of reader.read(piece)) {
    const packet = tcpPacketIn(bytes);
    packets += 1;
    if (packet !== null) service.packet(packet);
  }
  service.flush();
});
setInterval(() => service.tick(), 100);
setInterval(() => {
  const all = [...service.switches.values()].map(({ mirror }) => ({
    state: mirror.state,
    why: mirror.why,
    dpid: mirror.stream.memory.identity?.datapath,
    messages: mirror.stream.messageCount,
    delivered: mirror.delivered,
    dropped: mirror.dropped,
    resyncs: mirror.stream.resyncs,
    lost: mirror.stream.lostBytes,
    writes: mirror.writes,
    parted: mirror.parted,
    queued: mirror.queued,
  }));
  const cpu = process.cpuUsage();
  console.log(
    JSON.stringify({
      pieces,
      packets,
      cpu: Math.round((cpu.user + cpu.system) / 1000),
      rss: Math.round(process.memoryUsage().rss / 1e6),
      all,
    }),
  );
}, 1_000);
const words = createInterface({ input: process.stdin });
for await (const line of words) service.activate(line === "active");
service.end();
child.kill();
setTimeout(() => process.exit(), 300);

// Opens connections to each agent all the time, from many addresses, and means none of them well: it says nothing, half of
// a handshake, a request without an end, plain HTTP, or asks without a certificate. Prints what became of them at its end.
// node pests.mjs HOST... -- SOURCE...
import { connect as connectTcp } from "node:net";
import { connect } from "node:tls";

const words = process.argv.slice(2);
const [hosts, sources] = [words.slice(0, words.indexOf("--")), words.slice(words.indexOf("--") + 1)];
const [every, mostOpen] = [4, 600];
const counts = { begun: 0, closed: 0, answered: 0 };

const raw = (greeting) => (place) => {
  const socket = connectTcp(place);
  socket.once("connect", () => socket.write(greeting));
  return socket;
};
const overTls = (text) => (place) => {
  const socket = connect({ ...place, rejectUnauthorized: false });
  socket.once("secureConnect", () => socket.write(text));
  return socket;
};
const kinds = [
  raw(""),
  raw(Buffer.from("16030100c8010000c40303", "hex")), // The beginning of a ClientHello (RFC 8446, 4.1.2).
  raw("GET /v1/state HTTP/1.1\r\nHost: agent\r\n\r\n"),
  overTls("GET /v1/state HTTP/1.1\r\nHost: agent\r\n"),
  overTls("GET /v1/state HTTP/1.1\r\nHost: agent\r\n\r\n"),
  overTls("POST /v1/plan HTTP/1.1\r\nHost: agent\r\nTransfer-Encoding: chunked\r\n\r\n"),
];

let [open, turn] = [0, 0];
setInterval(() => {
  if (open >= mostOpen) return;
  const pick = (list, by) => list[Math.floor(turn / by) % list.length];
  const place = { host: pick(hosts, 1), port: 7443, localAddress: pick(sources, hosts.length) };
  const socket = pick(kinds, 1)(place);
  turn++;
  open++;
  counts.begun++;
  socket.on("error", () => {});
  socket.on("data", () => counts.answered++);
  socket.setTimeout(20_000, () => socket.destroy());
  socket.once("close", () => {
    open--;
    counts.closed++;
  });
}, every);
process.once("SIGTERM", () => {
  console.log(JSON.stringify(counts));
  process.exit();
});
console.log("bites");

// Asks each agent for all that a viewer may see, the dearest too, so many times a second over a few connections that
// stay open, without waiting for the answers, and prints at its end how often each status was the answer.
// node flood.mjs BUNDLE RATE HOST...
import { readFileSync } from "node:fs";
import { connect } from "node:tls";

const [bundle, rate, ...hosts] = process.argv.slice(2);
const file = (name) => readFileSync(`${bundle}/${name}`);
const tls = { ca: file("ca.crt"), cert: file("identity.crt"), key: file("identity.key") };
const requests = [
  "state",
  "status",
  "events?after=0&limit=1000",
  "node",
  "status",
  "topology",
  "history",
].map((route) => `GET /v1/${route} HTTP/1.1\r\nHost: agent\r\n\r\n`);
const [connections, tick, mostWaiting] = [4, 10, 500];

class Line {
  constructor(host, counts) {
    Object.assign(this, { host, counts, waiting: 0, owed: 0, sent: 0, open: false });
    this.connect();
  }

  request = (index) => requests[(this.sent + index) % requests.length];

  connect() {
    const socket = connect({ host: this.host, port: 7443, ...tls, checkServerIdentity: () => undefined });
    let rest = "";
    socket.setTimeout(2_000, () => socket.destroy());
    socket.on("error", () => {});
    socket.once("secureConnect", () => {
      this.open = true;
      socket.setTimeout(0);
    });
    socket.on("data", (data) => {
      const text = rest + data.toString("latin1");
      let end = 0;
      for (const found of text.matchAll(/HTTP\/1\.1 (\d{3}) /g)) {
        end = found.index + found[0].length;
        this.waiting--;
        this.counts[found[1]] = (this.counts[found[1]] ?? 0) + 1;
      }
      rest = text.slice(Math.max(end, text.length - 12));
    });
    socket.once("close", () => {
      this.open = false;
      this.waiting = 0;
      setTimeout(() => this.connect(), 500);
    });
    this.socket = socket;
  }

  send(count) {
    this.owed += count;
    const now = Math.floor(this.owed);
    this.owed -= now;
    if (!this.open || this.waiting > mostWaiting) return;
    this.socket.write(Array.from({ length: now }, (_, index) => this.request(index)).join(""));
    this.sent += now;
    this.waiting += now;
    this.counts.sent += now;
  }
}

const counts = Object.fromEntries(hosts.map((host) => [host, { sent: 0 }]));
const lines = hosts.flatMap((host) =>
  Array.from({ length: connections }, () => new Line(host, counts[host])),
);
let before = performance.now();
setInterval(() => {
  const now = performance.now();
  const each = ((now - before) / 1_000) * (Number(rate) / connections);
  before = now;
  for (const line of lines) line.send(each);
}, tick);
process.once("SIGTERM", () => {
  console.log(JSON.stringify(counts));
  process.exit();
});
console.log("floods");

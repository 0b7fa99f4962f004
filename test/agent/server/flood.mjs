// Asks an agent for what a viewer may see, the dearest too, so many times a second, or as fast as it answers 16 at once, and prints how often each status was the answer.
// node flood.mjs kept|new PORT BUNDLE RATE SECONDS
import { readFileSync } from "node:fs";
import { Agent, request } from "node:https";

const [kind, port, bundle, rate, seconds] = process.argv.slice(2);
const file = (name) => readFileSync(`${bundle}/${name}`);
const tls = {
  ca: file("ca.crt"),
  cert: file("identity.crt"),
  key: file("identity.key"),
  checkServerIdentity: () => undefined,
};
const paths = ["/v1/state", "/v1/status", "/v1/events?after=0&limit=1000", "/metrics"];
const atOnce = 16;
const agent = kind === "kept" ? new Agent({ ...tls, keepAlive: true, maxSockets: atOnce }) : false;
const counts = {};
let open = 0;
const ask = () => {
  open++;
  const done = (what) => {
    counts[what] = (counts[what] ?? 0) + 1;
    open--;
  };
  request({ host: "127.0.0.1", port, path: paths[sent % paths.length], agent, ...tls }, (response) => {
    response.resume().on("end", () => done(response.statusCode));
  })
    .on("error", ({ code }) => done(code))
    .end();
};

const began = performance.now();
let sent = 0;
setInterval(() => {
  const due = Math.min(((performance.now() - began) / 1000) * rate, rate * seconds);
  while (sent < due && open < atOnce) {
    ask();
    sent++;
  }
}, 1);
setTimeout(() => {
  console.log(JSON.stringify({ sent, ...counts }));
  process.exit();
}, seconds * 1000);

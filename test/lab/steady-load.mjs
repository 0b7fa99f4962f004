/**
 * Opens sessions at a steady pace and ends each once the server behind the address has greeted: an OpenFlow controller
 * does so by itself, an echo server is spoken to first. Prints `{"opened", "failed"}` at SIGTERM, when all are over.
 *
 * usage: steady-load.mjs ADDRESS PORT openflow|echo PER-SECOND SOURCE[,SOURCE...]
 *
 * TIME_WAIT allows about 470 sessions a second between two addresses, so that several sources take turns.
 */
import { connect } from "node:net";

const [address, port, greeting, perSecond, list] = process.argv.slice(2);
const sources = list.split(",");
const failed = [];
let [due, over] = [0, 0];

/** Milliseconds: a SYN that got lost is sent again after 1, 3 and 7 s. */
const patience = 10_000;

const isGreeting = (bytes) =>
  greeting === "echo" ? bytes.length > 0 : bytes[0] >= 1 && bytes[0] <= 6 && bytes[1] === 0;

function open() {
  const began = new Date().toISOString();
  const socket = connect({ host: address, port, localAddress: sources[due % sources.length] });
  let isOver = false;
  const end = (why) => {
    if (isOver) return;
    isOver = true;
    over++;
    if (why !== null) failed.push(`${began} ${why}`);
    socket.destroy();
  };
  socket.setTimeout(patience, () => end("silence"));
  socket.once("connect", () => greeting === "echo" && socket.write("holdfast"));
  socket.once("data", (bytes) => end(isGreeting(bytes) ? null : "no greeting"));
  socket.once("error", ({ code }) => end(code));
  socket.once("end", () => end("ended"));
  due++;
}

const began = performance.now();
const timer = setInterval(() => {
  // What this machine itself missed is not made up for in one heap.
  const wanted = Math.min(((performance.now() - began) * perSecond) / 1_000, due + perSecond / 10);
  while (due < wanted) open();
}, 5);

process.once("SIGTERM", () => {
  clearInterval(timer);
  setInterval(() => {
    if (over < due) return;
    process.stdout.write(`${JSON.stringify({ opened: over, failed })}\n`);
    process.exit(0);
  }, 10);
});

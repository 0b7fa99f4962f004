import { connect } from "node:net";
import { fromArgv, type ProbeArguments } from "./arguments.js";
import { now } from "./clock.js";
import { isGreeting } from "./openflow.js";

/**
 * Runs on a client's machine: asks the service for a new session every interval and prints one line a success,
 * `{"at": MS}`, at the moment the server behind the virtual IP greeted (for an echo server: answered; for one of which
 * nothing is known: took the connection).
 * Sessions end by RST: TIME_WAIT would leave no ports within a minute.
 */

/** An attempt that took longer waits for a SYN to be sent again after 1 s: by then later attempts have told more. */
const patience = 250;

const ping = Buffer.from("holdfast");

function attempt({ address, port, greeting }: ProbeArguments): void {
  const socket = connect({ host: address, port, noDelay: true });
  const giveUp = setTimeout(() => socket.destroy(), patience);
  let heard: Buffer = Buffer.alloc(0);
  const succeed = (): void => {
    process.stdout.write(`${JSON.stringify({ at: now() })}\n`);
    socket.resetAndDestroy();
  };
  if (greeting === "echo") socket.on("connect", () => socket.write(ping));
  if (greeting === "none") socket.on("connect", succeed);
  socket.on("data", (chunk) => {
    heard = Buffer.concat([heard, chunk]);
    if (greeting === "echo" ? heard.length >= ping.length : isGreeting(heard)) succeed();
  });
  socket.on("error", () => {}); // no success, no line
  socket.on("close", () => clearTimeout(giveUp));
}

const probe = fromArgv(process.argv.slice(2));
setInterval(() => attempt(probe), probe.interval);
attempt(probe);

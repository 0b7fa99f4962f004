import { fromArgv } from "./arguments.js";
import { now } from "./clock.js";
import { openSession } from "./session.js";
import type { SessionLine } from "./session-line.js";

/**
 * Runs on a client's machine: holds sessions with the service as switches do, sends numbered bytes through each and
 * prints a line (session-line.ts) whenever one is lost or back, and one a session with its sums at the end.
 */
const probe = fromArgv(process.argv.slice(2));
const say = (line: SessionLine): void => void process.stdout.write(`${JSON.stringify(line)}\n`);

const sessions = Array.from({ length: probe.sessions }, (_, index) =>
  openSession(index, probe, {
    up: (at, address) => say({ event: "up", session: index, at, from: address }),
    down: (at, reason, unanswered) => say({ event: "down", session: index, at, reason, unanswered }),
  }),
);

process.once("SIGTERM", () => {
  for (const [session, { sums }] of sessions.entries()) say({ event: "sums", session, at: now(), ...sums() });
  process.exit(0);
});

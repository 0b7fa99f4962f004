import { connect } from "node:net";
import type { ProbeArguments } from "./arguments.js";
import { now } from "./clock.js";
import { conversation } from "./conversation.js";
import type { SessionSums } from "./session-line.js";

export interface SessionEvents {
  /** The first numbered message came back: the session is of use. */
  up(at: number, localAddress: string): void;
  down(at: number, reason: string, unanswered: number): void;
}

/** Milliseconds between two attempts to connect; the first comes at once, as Open vSwitch does it. */
const retryDelay = 100;

/** Milliseconds without any answer after which a switch gives a session up (Open vSwitch probes for 5 s at least). */
const silenceLimit = 5_000;

/** Holds one session with a service for as long as the program runs, connecting again whenever it ends. */
export function openSession(
  index: number,
  probe: ProbeArguments,
  events: SessionEvents,
): { sums(): SessionSums } {
  const total = { sent: 0, answered: 0, lost: 0, duplicated: 0, longestSilence: 0 };
  let lastAnswer = now();
  let number = 0n;

  const heard = (): void => {
    total.longestSilence = Math.max(total.longestSilence, now() - lastAnswer);
    lastAnswer = now();
  };

  function begin(): void {
    const socket = connect({ host: probe.address, port: probe.port, noDelay: true });
    const talk = conversation(probe.greeting, index, (bytes) => socket.write(bytes));
    const unanswered = new Set<bigint>();
    let connectedAt: number | null = null;
    let useful = false;
    let reason = "closed";

    const timer = setInterval(() => {
      if (connectedAt === null) return;
      if (now() - Math.max(lastAnswer, connectedAt) > silenceLimit) return give("silent");
      number += 1n;
      if (!talk.say(number)) return;
      unanswered.add(number);
      total.sent += 1;
    }, probe.interval);
    // A SYN that got lost is sent again by the kernel only after 1 s: a new attempt is quicker.
    const impatience = setTimeout(() => connectedAt ?? give("silent"), retryDelay);

    const give = (why: string): void => {
      reason = why;
      socket.resetAndDestroy();
    };
    socket.on("connect", () => {
      connectedAt = now();
      talk.begin();
    });
    socket.on("data", (chunk) => {
      for (const answered of talk.hear(chunk)) {
        if (unanswered.delete(answered)) total.answered += 1;
        else total.duplicated += 1;
        heard();
        if (!useful) events.up(now(), socket.localAddress ?? "");
        useful = true;
      }
    });
    socket.on("error", (error: NodeJS.ErrnoException) => {
      reason = error.code === "ECONNRESET" ? "reset" : (error.code ?? error.message);
    });
    socket.on("end", () => socket.destroy());
    socket.on("close", () => {
      clearInterval(timer);
      clearTimeout(impatience);
      total.lost += unanswered.size;
      if (useful) events.down(now(), reason, unanswered.size);
      setTimeout(begin, useful ? 0 : retryDelay);
    });
  }

  begin();
  return { sums: () => ({ ...total, longestSilence: Math.max(total.longestSilence, now() - lastAnswer) }) };
}

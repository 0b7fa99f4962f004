import type { Event } from "../../api/event.js";
import type { History, Violation } from "./history.js";

/** What an agent once told of its log it tells for ever: whatever has a number was on the disk. */
export function lostEvents({ logs }: History): Violation[] {
  const known = new Map<string, Map<number, Event>>();
  const found: Violation[] = [];
  for (const log of logs) {
    const [first] = log;
    if (first === undefined) continue;
    const own = known.get(first.node) ?? new Map<number, Event>();
    known.set(first.node, own);
    const numbers = new Map(log.map((event) => [event.sequence, event]));
    for (const [sequence, event] of own) {
      if (sequence < first.sequence) continue;
      const now = numbers.get(sequence);
      if (now === undefined) found.push(complaint(event, "is gone"));
      else if (now.text !== event.text || now.at !== event.at) found.push(complaint(event, "is another one"));
    }
    for (const event of log) own.set(event.sequence, event);
  }
  return found;
}

const complaint = ({ node, sequence, text }: Event, what: string): Violation => ({
  at: 0,
  text: `event ${sequence} of ${node} ${what}: ${text}`,
});

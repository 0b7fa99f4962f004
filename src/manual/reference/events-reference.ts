import { eventWords, faultWords } from "./event-words.js";
import { code, page, table } from "./markdown.js";

/** docs/reference/events.md: the kinds of events, and the faults that some of them name. */
export function eventsReference(): string {
  return page(
    "# Every kind of event, every fault",
    "Made by `npm run reference`. `holdfast events --kind KIND` shows those of one kind; `GET /v1/openapi.json` of an agent " +
      "describes their documents.",
    "## Kinds of events",
    table(["kind", "what it tells"], rows(eventWords)),
    "## Faults",
    "Of one node. A fault that concerns a network is written with it: `network-dead:switches`. A node leaves the virtual IPs " +
      "to a peer only while that one is strictly less broken; with `no-witness`, to whoever may be there.",
    table(["fault", "what it means"], rows(faultWords)),
  );
}

const rows = (words: Readonly<Record<string, string>>): string[][] =>
  Object.entries(words).map(([name, meaning]) => [code(name), meaning]);

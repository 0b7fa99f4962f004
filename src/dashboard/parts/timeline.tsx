import { useState } from "preact/hooks";
import { eventKinds } from "../../api/event.js";
import { agentNow } from "../link/ask.js";
import { keyOf, type State } from "../model/state.js";
import { lastOf, lengths, type Window } from "../model/window.js";
import { Lanes } from "./lanes.js";

/** Events that are seen at once. */
const page = 12;

/** What happened on all nodes: on an axis of time, and in words, newest first. */
export function Timeline({ state }: { readonly state: State }) {
  const [window, look] = useState<Window>(() => lastOf(lengths[1].length, agentNow()));
  const [chosen, pick] = useState<readonly string[]>([]);
  const [kind, choose] = useState("");
  const [words, search] = useState("");
  const [most, more] = useState(page);
  const found = state.events
    .filter((event) => (kind === "" || event.kind === kind) && isIn(words, `${event.node} ${event.text}`))
    .filter((event) => chosen.length === 0 || chosen.includes(keyOf(event)))
    .reverse();
  return (
    <>
      <Lanes state={state} window={window} look={look} choose={pick} />
      <p class="filters">
        <label>
          Kind{" "}
          <select value={kind} onChange={({ currentTarget }) => choose(currentTarget.value)}>
            <option value="">all</option>
            {eventKinds.map((each) => (
              <option key={each}>{each}</option>
            ))}
          </select>
        </label>{" "}
        <label>
          Words{" "}
          <input type="search" value={words} onInput={({ currentTarget }) => search(currentTarget.value)} />
        </label>{" "}
        {chosen.length > 0 && (
          <button type="button" onClick={() => pick([])}>
            Show all, not only what was chosen
          </button>
        )}
      </p>
      {state.silent.length > 0 && (
        <p class="trouble">
          What happened on {state.silent.join(" and ")} is missing: no agent answers there.
        </p>
      )}
      {found.length === 0 && <p class="muted">nothing</p>}
      <ol class="events">
        {found.slice(0, most).map((event) => (
          <li key={keyOf(event)}>
            <time dateTime={event.at}>{new Date(event.at).toLocaleString()}</time> <b>{event.node}</b>{" "}
            <small>{event.kind}</small> {event.text}
          </li>
        ))}
      </ol>
      {found.length > most && (
        <button type="button" onClick={() => more(most + page)}>
          {found.length - most} more
        </button>
      )}
    </>
  );
}

const isIn = (words: string, text: string): boolean =>
  text.toLowerCase().includes(words.trim().toLowerCase());

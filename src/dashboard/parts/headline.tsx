import { ask } from "../link/ask.js";
import { elsewhere } from "../model/elsewhere.js";
import type { State } from "../model/state.js";
import { verdictOn } from "../model/verdict.js";

/** Which cluster, how it is in one glance, who looks. */
export function Headline({ state, leave }: { readonly state: State; readonly leave: () => void }) {
  const { cluster, node, person, picture } = state;
  const { level, words, because } = verdictOn(state);
  const title = cluster?.name ?? "holdfast";
  document.title = `${level === "good" ? "" : "! "}${title}: ${words}`;
  const signOut = () => void ask("DELETE", "/v1/session").then(leave, leave);
  return (
    <header class={`headline ${level}`}>
      <div>
        <h1>{title}</h1>
        <p class="verdict" role="status">
          <span class="lamp" aria-hidden="true" />
          {words}
        </p>
        {!state.connected && cluster !== null && (
          <p>
            What is shown is as old as its last word. The same page is at{" "}
            {elsewhere(cluster, node).map(({ name, url }) => (
              <a key={name} href={url}>
                {name}
              </a>
            ))}
          </p>
        )}
        {picture?.trial && (
          <p class="trial">
            on trial by {picture.trial.author} until {clock(picture.trial.confirm_by)}: everything goes back
            then
          </p>
        )}
        {because.length > 0 && (
          <ul class="because">
            {because.slice(0, 8).map((each) => (
              <li key={each}>{each}</li>
            ))}
            {because.length > 8 && <li>and {because.length - 8} more</li>}
          </ul>
        )}
      </div>
      <p class="person">
        seen by <b>{node}</b>
        {person && (
          <>
            {" "}
            for {person.name} ({person.role}){" "}
            <button type="button" class="plain" onClick={signOut}>
              Sign out
            </button>
          </>
        )}
      </p>
    </header>
  );
}

const clock = (iso: string): string => new Date(iso).toLocaleTimeString();

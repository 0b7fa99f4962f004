import type { ComponentChildren } from "preact";
import { useRef } from "preact/hooks";
import { type Doing, useDeed } from "../link/use-deed.js";
import { type Check, unchecked } from "../model/check.js";
import { mayBegin } from "../model/deed.js";
import { Checked, useInsisting } from "./checked.js";
import { CloseButton } from "./dialog.js";

interface DeedFormProps {
  /** What the button does, in so many words. */
  readonly words: string;
  /** What it costs: sentences. */
  readonly costs: readonly string[];
  /** Left out where the agent has nothing to look at beforehand. */
  readonly check?: Check;
  readonly act: (force: boolean, say: Parameters<Doing>[0]) => ReturnType<Doing>;
  /** More to say, or to choose. */
  readonly children?: ComponentChildren;
}

/** The body of a dialog in which something is done: what speaks against it, what it costs, the button, what came of it. */
export function DeedForm({ words, costs, check = unchecked, act, children }: DeedFormProps) {
  const [deed, begin] = useDeed();
  const [force, insist] = useInsisting(check);
  const outcome = useRef<HTMLDivElement>(null);
  const isOpen = mayBegin(deed);
  const ready = check.known && (check.obstacle === null || force);
  const press = () => {
    // The button goes, and the focus with it.
    outcome.current?.focus();
    void begin((say) => act(force, say));
  };
  return (
    <>
      {children && (
        <fieldset class="choices" disabled={!isOpen}>
          {children}
        </fieldset>
      )}
      {isOpen && check !== unchecked && <Checked check={check} force={force} insist={insist} />}
      {isOpen && costs.length > 0 && (
        <>
          <h4>What it costs</h4>
          <ul class="costs">
            {costs.map((cost) => (
              <li key={cost}>{cost}</li>
            ))}
          </ul>
        </>
      )}
      {deed.said.length > 0 && (
        <ol class="said" aria-label="what happened so far">
          {deed.said.map((line, index) => (
            <li key={`${index} ${line}`}>{line}</li>
          ))}
        </ol>
      )}
      <div ref={outcome} class={`outcome ${deed.phase}`} tabIndex={-1} aria-live="polite">
        {deed.phase === "doing" && <p>It is being done…</p>}
        {deed.words.map((line) => (
          <p key={line}>{line}</p>
        ))}
      </div>
      <p class="buttons">
        {(isOpen || deed.phase === "doing") && (
          <button type="button" class="first" disabled={!isOpen || !ready} onClick={press}>
            {words}
          </button>
        )}
        <CloseButton words={isOpen ? "Cancel" : "Close"} />
      </p>
    </>
  );
}

import { useState } from "preact/hooks";
import type { Check } from "../model/check.js";

/** Whoever insists does so against what he has read, and not against what comes up later. */
export function useInsisting({ obstacle, forceable }: Check): readonly [boolean, (on: boolean) => void] {
  const [insisted, insist] = useState<string | null>(null);
  const force = forceable && obstacle !== null && insisted === obstacle;
  return [force, (on) => insist(on ? obstacle : null)];
}

interface CheckedProps {
  readonly check: Check;
  readonly force: boolean;
  readonly insist: (on: boolean) => void;
}

/** What speaks against it, and the box to tick for doing it even so. */
export function Checked({ check: { known, obstacle, forceable, warnings }, force, insist }: CheckedProps) {
  return (
    <>
      {!known && <p class="muted">looking…</p>}
      {known && obstacle === null && <p class="clause good">Nothing speaks against it.</p>}
      {obstacle !== null && <p class="clause bad">Against it: {obstacle}.</p>}
      {warnings.map((warning) => (
        <p key={warning} class="clause warning">
          Worth knowing: {warning}.
        </p>
      ))}
      {obstacle !== null && forceable && (
        <label class="check">
          <input
            type="checkbox"
            checked={force}
            onChange={({ currentTarget }) => insist(currentTarget.checked)}
          />
          Even so: do it although this speaks against it
        </label>
      )}
    </>
  );
}

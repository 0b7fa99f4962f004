import type { State } from "../model/state.js";

export function Drift({ state }: { readonly state: State }) {
  return <p class="muted">{state.node}</p>;
}

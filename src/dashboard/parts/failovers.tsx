import type { State } from "../model/state.js";

export function Failovers({ state }: { readonly state: State }) {
  return <p class="muted">{state.node}</p>;
}

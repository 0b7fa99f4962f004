import type { State } from "../model/state.js";

export function Generations({ state }: { readonly state: State }) {
  return <p class="muted">{state.node}</p>;
}

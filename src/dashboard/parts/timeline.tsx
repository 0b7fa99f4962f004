import type { State } from "../model/state.js";

export function Timeline({ state }: { readonly state: State }) {
  return <p class="muted">{state.node}</p>;
}

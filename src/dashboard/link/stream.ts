import type { Live } from "../../api/live.js";

/** Milliseconds until a stream that the agent refused is asked for again; one that broke is by the browser itself. */
const again = 1_500;

export interface Listener {
  told(live: Live): void;
  /** The agent went away: what is shown is as old as its last word. */
  lost(): void;
  /** It is there again: what happened meanwhile is to be asked for. */
  back(): void;
}

/** Hears what the agent tells until the function that this returns is called. */
export function listen({ told, lost, back }: Listener): () => void {
  let source: EventSource | null = null;
  let timer: ReturnType<typeof setTimeout> | null = null;
  let ended = false;
  const open = () => {
    source = new EventSource("/v1/live");
    source.onopen = back;
    source.onmessage = ({ data }) => told(JSON.parse(data) as Live);
    source.onerror = () => {
      lost();
      if (source?.readyState !== EventSource.CLOSED || ended) return;
      timer = setTimeout(open, again);
    };
  };
  open();
  return () => {
    ended = true;
    source?.close();
    if (timer !== null) clearTimeout(timer);
  };
}

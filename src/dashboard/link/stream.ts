import type { Live } from "../../api/live.js";

/** Milliseconds until a stream that the agent refused is asked for again; one that broke is by the browser itself. */
const again = 1_500;

export interface Listener {
  told(live: Live): void;
  /** The agent went away: what is shown is as old as its last word. */
  lost(): void;
  /** It is there again: what happened meanwhile is to be asked for. */
  back(): void;
  /** It answers, and not with what was asked for: whoever looked may not any more, or it has no place. */
  refused(): void;
}

/** Milliseconds: a browser has six connections for all pages of an agent, and one that nobody sees is to keep none of them. */
const unseen = 30_000;

/** Milliseconds without a word after which the agent counts as gone: it says every two seconds that it lives. */
const patience = 6_000;

/** Hears what the agent tells, while somebody sees the page, until the function that this returns is called. */
export function listen({ told, lost, back, refused }: Listener): () => void {
  let source: EventSource | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let silence: ReturnType<typeof setTimeout> | undefined;
  let ended = false;
  const heard = () => {
    clearTimeout(silence);
    silence = setTimeout(() => {
      lost();
      open();
    }, patience);
  };
  const close = () => {
    clearTimeout(timer);
    clearTimeout(silence);
    source?.close();
    source = null;
  };
  const open = () => {
    close();
    heard();
    source = new EventSource("/v1/live");
    source.onopen = back;
    source.onmessage = ({ data }) => {
      heard();
      told(JSON.parse(data) as Live);
    };
    source.onerror = () => {
      lost();
      if (source?.readyState !== EventSource.CLOSED || ended) return;
      close();
      refused();
      timer = setTimeout(open, again);
    };
  };
  const look = () => {
    clearTimeout(timer);
    if (document.hidden) timer = setTimeout(close, unseen);
    else if (source === null) open();
  };
  document.addEventListener("visibilitychange", look);
  open();
  return () => {
    ended = true;
    document.removeEventListener("visibilitychange", look);
    close();
  };
}

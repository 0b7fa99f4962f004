import { useEffect, useRef, useState } from "preact/hooks";
import { agentNow } from "../link/ask.js";
import { type Bar, barsOf, laneWords, width } from "../model/lane-view.js";
import { type Lane, lanesOf } from "../model/lanes.js";
import type { State } from "../model/state.js";
import { advanced, lastOf, lengths, panned, placeOf, ticks, type Window, zoomed } from "../model/window.js";

interface LanesProps {
  readonly state: State;
  readonly window: Window;
  readonly look: (window: Window) => void;
  /** Keys of the events that were chosen in the picture. */
  readonly choose: (keys: readonly string[]) => void;
}

const height = 14;
const [closer, farther] = [0.5, 2];

/** Owners, troubles, changes and drills on one axis of time, to zoom and to pan. */
export function Lanes({ state, window, look, choose }: LanesProps) {
  const lanes = lanesOf(state.events, state.cluster?.nodes.map(({ name }) => name) ?? []);
  const now = useNow(window);
  const shown = advanced(window, now);
  const frame = useGestures(shown, look);
  const by = (change: Window) => look(change);
  const onKeyDown = (event: KeyboardEvent) => {
    const next = keyed(event.key, shown);
    if (next === null) return;
    event.preventDefault();
    by(next);
  };
  return (
    <div class="lanes">
      <fieldset class="filters" aria-label="Time that is shown">
        {lengths.map(({ name, length }) => (
          <button
            key={name}
            type="button"
            aria-pressed={window.follows && window.until - window.from === length}
            onClick={() => by(lastOf(length, agentNow()))}
          >
            {name}
          </button>
        ))}
        <button type="button" aria-label="closer" onClick={() => by(zoomed(shown, closer, 0.5, agentNow()))}>
          +
        </button>
        <button
          type="button"
          aria-label="farther"
          onClick={() => by(zoomed(shown, farther, 0.5, agentNow()))}
        >
          −
        </button>
        <button type="button" aria-label="earlier" onClick={() => by(panned(shown, -0.5, agentNow()))}>
          ‹
        </button>
        <button type="button" aria-label="later" onClick={() => by(panned(shown, 0.5, agentNow()))}>
          ›
        </button>
      </fieldset>
      {lanes.length === 0 && <p class="muted">nothing happened, as far as the nodes' logs go back</p>}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it takes keys, as its label says */}
      <section ref={frame} class="frame" tabIndex={0} aria-label={frameWords} onKeyDown={onKeyDown}>
        {lanes.map((lane) => (
          <LaneRow key={lane.name} lane={lane} window={shown} now={now} choose={choose} />
        ))}
        <Axis window={shown} />
      </section>
    </div>
  );
}

const frameWords =
  "Time line: plus and minus zoom, arrows move, Home shows seven days, End shows the last five minutes";

function LaneRow({ lane, window, now, choose }: LaneRowProps) {
  const bars = barsOf(lane, window, now);
  return (
    <div class="lane">
      <span class="lane-name">{lane.name}</span>
      <svg
        viewBox={`0 0 ${width} ${height}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={laneWords(lane, bars)}
      >
        <line class="rail" x1={0} x2={width} y1={height / 2} y2={height / 2} />
        {bars.map((bar) => (
          <BarShape key={`${bar.keys[0] ?? ""} ${bar.count}`} bar={bar} choose={choose} />
        ))}
      </svg>
    </div>
  );
}

interface LaneRowProps extends Pick<LanesProps, "choose" | "window"> {
  readonly lane: Lane;
  readonly now: number;
}

/** The list below is how one reaches each event by keyboard. */
function BarShape({ bar, choose }: { readonly bar: Bar } & Pick<LanesProps, "choose">) {
  const tall = bar.count === 0 ? height - 4 : height;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: a shortcut to what the list has
    <rect
      class={`bar-${bar.tone}`}
      x={bar.x}
      width={bar.width}
      y={(height - tall) / 2}
      height={tall}
      onClick={() => choose(bar.keys)}
    >
      <title>{bar.text}</title>
    </rect>
  );
}

function Axis({ window }: { readonly window: Window }) {
  const length = window.until - window.from;
  return (
    <div class="lane axis">
      <span class="lane-name" />
      <p class="ticks">
        {ticks(window, 4).map((at) => {
          const place = placeOf(window, at);
          return (
            <time
              key={at}
              class={place < 0.1 ? "first" : place > 0.85 ? "last" : ""}
              dateTime={new Date(at).toISOString()}
              // Set by script and not written in the page: the policy allows that alone.
              style={{ left: `${place * 100}%` }}
            >
              {moment(at, length)}
            </time>
          );
        })}
      </p>
    </div>
  );
}

/** As much of a moment as tells its neighbours apart. */
const moment = (at: number, length: number): string =>
  new Date(at).toLocaleString(
    undefined,
    length > 172_800_000
      ? { month: "short", day: "numeric" }
      : { hour: "numeric", minute: "2-digit", ...(length < 300_000 ? { second: "2-digit" } : {}) },
  );

function keyed(key: string, window: Window): Window | null {
  const now = agentNow();
  switch (key) {
    case "+":
    case "=":
      return zoomed(window, closer, 0.5, now);
    case "-":
      return zoomed(window, farther, 0.5, now);
    case "ArrowLeft":
      return panned(window, -0.25, now);
    case "ArrowRight":
      return panned(window, 0.25, now);
    case "Home":
      return lastOf(lengths[3].length, now);
    case "End":
      return lastOf(lengths[0].length, now);
    default:
      return null;
  }
}

/** The moment, as often as it moves the picture by what can be seen. */
function useNow({ from, until, follows }: Window): number {
  const [now, tick] = useState(agentNow());
  const every = Math.min(60_000, Math.max(1_000, (until - from) / width));
  useEffect(() => {
    if (!follows) return;
    tick(agentNow());
    const timer = setInterval(() => tick(agentNow()), every);
    return () => clearInterval(timer);
  }, [every, follows]);
  return now;
}

/** The wheel with Ctrl (two fingers on a touchpad) zooms; the wheel sideways, a finger or the mouse pan. */
function useGestures(window: Window, look: (window: Window) => void) {
  const frame = useRef<HTMLElement>(null);
  const latest = useRef({ window, look });
  latest.current = { window, look };
  useEffect(() => {
    const { current } = frame;
    if (current === null) return;
    const share = (pixels: number) => pixels / Math.max(1, current.getBoundingClientRect().width);
    let from: { readonly x: number; readonly window: Window } | null = null;
    const onWheel = (event: WheelEvent) => {
      const known = latest.current.window;
      if (event.ctrlKey) {
        const place = share(event.clientX - current.getBoundingClientRect().left);
        latest.current.look(zoomed(known, event.deltaY > 0 ? 1.25 : 0.8, place, agentNow()));
      } else if (Math.abs(event.deltaX) > Math.abs(event.deltaY))
        latest.current.look(panned(known, share(event.deltaX), agentNow()));
      else return;
      event.preventDefault();
    };
    const onDown = (event: PointerEvent) => {
      from = { x: event.clientX, window: latest.current.window };
    };
    const onMove = (event: PointerEvent) => {
      if (from === null || Math.abs(event.clientX - from.x) < 4) return;
      latest.current.look(panned(from.window, -share(event.clientX - from.x), agentNow()));
    };
    const onUp = () => {
      from = null;
    };
    current.addEventListener("wheel", onWheel, { passive: false });
    current.addEventListener("pointerdown", onDown);
    addEventListener("pointermove", onMove);
    addEventListener("pointerup", onUp);
    addEventListener("pointercancel", onUp);
    return () => {
      current.removeEventListener("wheel", onWheel);
      current.removeEventListener("pointerdown", onDown);
      removeEventListener("pointermove", onMove);
      removeEventListener("pointerup", onUp);
      removeEventListener("pointercancel", onUp);
    };
  }, []);
  return frame;
}

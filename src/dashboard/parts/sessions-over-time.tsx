import { height, sessionsLine, shown, width } from "../model/sessions-line.js";
import type { State } from "../model/state.js";

/** How many sessions a service had in the last minutes; nothing before there is a line to draw. */
export function SessionsOverTime({ state, service }: { readonly state: State; readonly service: string }) {
  const at = state.samples.at(-1)?.at ?? 0;
  const { path, most, now } = sessionsLine(state.samples, service, at);
  if (!path.includes("L")) return null;
  const words = `sessions in the last ${shown / 60_000} minutes: ${now} now, ${most} at most`;
  return (
    <p class="sessions">
      <svg
        viewBox={`0 0 ${width} ${height}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`${service}, ${words}`}
      >
        <path d={path} />
      </svg>
      <small>{words}</small>
    </p>
  );
}

import { useEffect, useRef, useState } from "preact/hooks";
import { type Box, drawingOf, type Pill } from "../model/drawing.js";
import type { State } from "../model/state.js";
import { ownersOf } from "../model/verdict.js";
import { VpnSite } from "./vpn-site.js";

/** Letters of so many pixels that fit into a width. */
const fitting = (text: string, width: number, letter = 7): string => {
  const most = Math.floor(width / letter);
  return text.length <= most ? text : `${text.slice(0, Math.max(1, most - 1))}…`;
};

/** The cluster drawn as it is; a virtual IP is seen moving to its new owner. */
export function Site({ state }: { readonly state: State }) {
  const frame = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);
  useEffect(() => {
    if (frame.current === null) return;
    const watch = new ResizeObserver(([entry]) => setWidth(Math.floor(entry?.contentRect.width ?? 0)));
    watch.observe(frame.current);
    return () => watch.disconnect();
  }, []);
  const { cluster } = state;
  return (
    <div ref={frame} class="site">
      {cluster === null && <p class="muted">no topology yet: 'holdfast apply' brings one</p>}
      {cluster !== null && cluster.nodes.length > 0 && width > 0 && <Picture state={state} width={width} />}
      {cluster?.vpn && <VpnSite vpn={cluster.vpn} picture={state.picture} />}
    </div>
  );
}

function Picture({ state, width }: { readonly state: State; readonly width: number }) {
  if (state.cluster === null) return null;
  const { height, boxes, bars, stems, pills } = drawingOf(state.cluster, state, width);
  const owners = ownersOf(state);
  const words = `${state.cluster.name}: ${state.cluster.nodes.length} nodes; ${owners.join(" and ") || "nobody"} holds the virtual IPs`;
  return (
    <svg width={width} height={height} viewBox={`0 0 ${width} ${height}`} role="img" aria-label={words}>
      {stems.map(({ key, x, from, to, live }) => (
        <line key={key} class={live ? "stem live" : "stem"} x1={x} x2={x} y1={from} y2={to} />
      ))}
      {bars.map(({ name, detail, y }) => (
        <g key={name} class="bar">
          <line x1={4} x2={width - 4} y1={y} y2={y} />
          <text x={6} y={y - 6}>
            <tspan class="name">{name}</tspan> <tspan class="muted">{detail}</tspan>
          </text>
        </g>
      ))}
      {boxes.map((box) => (
        <BoxMark key={box.key} box={box} />
      ))}
      {pills.map((pill) => (
        <PillMark key={pill.key} pill={pill} />
      ))}
    </svg>
  );
}

const BoxMark = ({ box: { kind, health, x, y, width, height, name, detail } }: { readonly box: Box }) => (
  <g class={`box ${kind} ${health}`}>
    <title>{kind === "server" ? detail : [name, detail].filter(Boolean).join(", ")}</title>
    <rect
      x={x - width / 2}
      y={y}
      width={width}
      height={height}
      rx={kind === "server" && name === "" ? 3 : 6}
    />
    <text x={x} y={y + (kind === "server" || detail === "" ? height / 2 + 5 : height / 2 - 3)}>
      {fitting(name, width - 6)}
    </text>
    {kind !== "server" && (
      <text x={x} y={y + height / 2 + 13} class="detail">
        {fitting(detail, width - 6, 6.4)}
      </text>
    )}
  </g>
);

const PillMark = ({ pill: { x, y, width, name, address, state } }: { readonly pill: Pill }) => (
  <g class={`pill ${state}`} transform={`translate(${x} ${y})`}>
    <title>{`${name} ${address} ${state === "lost" ? "is nobody's" : state === "contested" ? "has several owners" : ""}`}</title>
    <rect x={-width / 2} y={0} width={width} height={22} rx={11} />
    <text x={0} y={15}>
      {fitting(state === "lost" ? `${address} nobody` : `${address}`, width - 10, 7)}
    </text>
  </g>
);

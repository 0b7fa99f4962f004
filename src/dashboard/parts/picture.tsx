import type { Box, Drawing, Pill } from "../model/shapes.js";

/** Pixels of a letter. */
const letter = 7.4;

const fitting = (text: string, width: number): string => {
  const most = Math.max(1, Math.floor(width / letter));
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`;
};

/** A drawing as SVG. @param words what it shows, for whoever does not see it */
export function Picture({ drawing, words }: { readonly drawing: Drawing; readonly words: string }) {
  const { width, height, boxes, bars, stems, pills, labels } = drawing;
  return (
    <svg width={width} height={height} viewBox={`0 0 ${width} ${height}`} role="img" aria-label={words}>
      {stems.map(({ key, x, from, to, live }) => (
        <line key={key} class={live ? "stem live" : "stem"} x1={x} x2={x} y1={from} y2={to} />
      ))}
      {bars.map(({ name, detail, y }) => (
        <g key={name} class="bar">
          <line x1={4} x2={width - 4} y1={y} y2={y} />
          <text x={6} y={y - 7}>
            <tspan class="name">{name}</tspan> <tspan class="muted">{detail}</tspan>
          </text>
        </g>
      ))}
      {labels.map(({ key, x, y, text }) => (
        <text key={key} class="label" x={x} y={y}>
          {text}
        </text>
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

const BoxMark = ({ box }: { readonly box: Box }) => {
  const { kind, health, x, y, width, height, name, detail, title } = box;
  return (
    <g class={`box ${kind} ${health}`}>
      <title>{title}</title>
      <rect x={x - width / 2} y={y} width={width} height={height} rx={name === "" ? 3 : 6} />
      {name !== "" && (
        <text x={x} y={y + height / 2 + (detail === "" ? 5 : -3)} class="name">
          {fitting(name, width - 8)}
        </text>
      )}
      {detail !== "" && (
        <text x={x} y={y + height / 2 + 13} class="detail">
          {fitting(detail, width - 8)}
        </text>
      )}
    </g>
  );
};

const PillMark = ({ pill: { x, y, width, name, address, state } }: { readonly pill: Pill }) => {
  const fate = { owned: "", lost: " is nobody's", contested: " has several owners" }[state];
  return (
    <g class={`pill ${state}`} transform={`translate(${x} ${y})`}>
      <title>{`${name} ${address}${fate}`}</title>
      <rect x={-width / 2} y={0} width={width} height={22} rx={11} />
      <text x={0} y={15}>
        {fitting(state === "lost" ? `${address} nobody` : address, width - 8)}
      </text>
    </g>
  );
};

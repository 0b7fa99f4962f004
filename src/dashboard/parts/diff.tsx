import { type DiffLine, diffLines, diffSum } from "../model/diff.js";

/** A unified diff. What was added, and what removed, is told by its sign, by its element and by its colour. */
export function Diff({ of, label }: { readonly of: string; readonly label: string }) {
  const lines = diffLines(of);
  return (
    <figure class="diff">
      <figcaption>
        {label}: {diffSum(lines)}
      </figcaption>
      {/* It scrolls sideways: by keyboard, too. */}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls has to be reached */}
      <pre tabIndex={0}>
        {lines.map((line, index) => (
          <Line key={`${index} ${line.text}`} line={line} />
        ))}
      </pre>
    </figure>
  );
}

function Line({ line: { kind, text } }: { readonly line: DiffLine }) {
  if (kind === "added") return <ins>{`${text}\n`}</ins>;
  if (kind === "removed") return <del>{`${text}\n`}</del>;
  return <span class={kind}>{`${text}\n`}</span>;
}

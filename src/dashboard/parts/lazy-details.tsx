import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";

interface LazyDetailsProps {
  readonly summary: string;
  readonly children: () => ComponentChildren;
}

/** What is asked for only once somebody wants to see it. */
export function LazyDetails({ summary, children }: LazyDetailsProps) {
  const [seen, setSeen] = useState(false);
  return (
    <details onToggle={({ currentTarget }) => currentTarget.open && setSeen(true)}>
      <summary>{summary}</summary>
      {seen && children()}
    </details>
  );
}

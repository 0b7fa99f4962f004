import type { ComponentChildren } from "preact";

/** A part of the page, with its name: one jumps from one to the next with a screen reader, and by its address. */
export function Section({ name, children }: { readonly name: string; readonly children: ComponentChildren }) {
  const id = name.toLowerCase().replaceAll(" ", "-");
  return (
    <section id={id} aria-labelledby={`${id}-name`}>
      <h2 id={`${id}-name`}>{name}</h2>
      {children}
    </section>
  );
}

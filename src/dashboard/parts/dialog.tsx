import type { ComponentChildren } from "preact";
import { useEffect, useId, useRef } from "preact/hooks";

interface DialogProps {
  readonly title: string;
  /** It was closed, by a button, by Escape. */
  readonly closed: () => void;
  readonly children: ComponentChildren;
}

/** Asks something, in front of the page. The focus is within it, and afterwards where it was. */
export function Dialog({ title, closed, children }: DialogProps) {
  const frame = useRef<HTMLDialogElement>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  const id = useId();
  useEffect(() => {
    const opener = document.activeElement;
    const place = opener?.closest("section") ?? null;
    frame.current?.showModal();
    heading.current?.focus();
    return () => {
      if (opener instanceof HTMLElement) opener.focus();
      if (document.activeElement === opener || place === null) return;
      // What opened it is gone, or cannot be had again: then the part of the page where it was.
      place.tabIndex = -1;
      place.focus();
    };
  }, []);
  return (
    <dialog ref={frame} aria-labelledby={id} onClose={closed}>
      <h3 id={id} ref={heading} tabIndex={-1}>
        {title}
      </h3>
      {children}
    </dialog>
  );
}

/** Closes the dialog that it stands in. */
export const CloseButton = ({ words }: { readonly words: string }) => (
  <button type="button" onClick={({ currentTarget }) => currentTarget.closest("dialog")?.close()}>
    {words}
  </button>
);

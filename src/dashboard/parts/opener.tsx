import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { Dialog } from "./dialog.js";

interface OpenerProps {
  /** On the button. */
  readonly words: string;
  readonly title: string;
  /** Why one may not; null where one may. */
  readonly barred: string | null;
  readonly first?: boolean;
  /** There is nothing to begin any more; a dialog that is open stays, and tells how it ended. */
  readonly over?: boolean;
  /** Made when it is opened, and gone when it is closed. */
  readonly children: () => ComponentChildren;
}

/** A button that opens a dialog. Nothing is done by it alone. */
export function Opener({ words, title, barred, first = false, over = false, children }: OpenerProps) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      {!over && (
        <button
          type="button"
          class={first ? "first" : ""}
          aria-haspopup="dialog"
          disabled={barred !== null}
          title={barred ?? undefined}
          onClick={() => setOpen(true)}
        >
          {words}
        </button>
      )}
      {isOpen && (
        <Dialog title={title} closed={() => setOpen(false)}>
          {children()}
        </Dialog>
      )}
    </>
  );
}

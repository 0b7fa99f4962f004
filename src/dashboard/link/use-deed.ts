import { useReducer, useRef } from "preact/hooks";
import { type Deed, mayBegin, type Turn, turned, untouched } from "../model/deed.js";
import { AskError } from "./ask.js";

/** Does it, telling lines on the way; resolves to what came of it. */
export type Doing = (say: (line: string) => void) => Promise<readonly string[]>;

/** Something that is done at most once at a time, however often one clicks. */
export function useDeed(): readonly [Deed, (doing: Doing) => Promise<void>] {
  const [deed, turn] = useReducer<Deed, Turn>(turned, untouched);
  // A second click may come before the page is drawn anew.
  const busy = useRef(false);
  const act = async (doing: Doing): Promise<void> => {
    if (busy.current || !mayBegin(deed)) return;
    busy.current = true;
    turn({ kind: "begin" });
    try {
      const words = await doing((line) => turn({ kind: "said", line }));
      turn({ kind: "done", words });
    } catch (error) {
      const status = error instanceof AskError ? error.status : 0;
      turn({ kind: "failed", message: error instanceof Error ? error.message : String(error), status });
    } finally {
      busy.current = false;
    }
  };
  return [deed, act];
}

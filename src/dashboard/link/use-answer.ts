import { useEffect, useReducer, useRef, useState } from "preact/hooks";
import { AskError, ask } from "./ask.js";

export interface Answered<T> {
  /** The last that came; null before the first. */
  readonly answer: T | null;
  /** Why the last question was not answered; null when it was. */
  readonly trouble: string | null;
  again(): void;
}

/** Milliseconds: what changes in one go is asked for once. */
const calm = 800;

/** What the agent answers to a GET, asked again when `key` is another one. The path stays the same. */
export const useAnswer = <T>(path: string, key = ""): Answered<T> =>
  useQuestion(() => ask<T>("GET", path), key);

/** The same of a question in several parts. */
export function useQuestion<T>(question: () => Promise<T>, key = ""): Answered<T> {
  const [known, know] = useState<Omit<Answered<T>, "again">>({ answer: null, trouble: null });
  const [times, again] = useReducer<number, void>((count) => count + 1, 0);
  const count = useRef({ asked: 0, heard: 0 });
  useEffect(() => {
    const put = async () => {
      count.current.asked += 1;
      const number = count.current.asked;
      const news = await question().then(
        (answer) => ({ answer, trouble: null }),
        (error: unknown) => ({ trouble: error instanceof AskError ? error.message : String(error) }),
      );
      // An older answer that was overtaken is of no use.
      if (number < count.current.heard) return;
      count.current.heard = number;
      know((before) => ({ ...before, ...news }));
    };
    const timer = setTimeout(put, count.current.asked === 0 ? 0 : calm);
    return () => clearTimeout(timer);
  }, [key, times]);
  return { ...known, again: () => again() };
}

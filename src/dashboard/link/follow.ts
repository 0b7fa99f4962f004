import { AskError } from "./ask.js";

/** Something that ends with its last word. */
interface Told {
  readonly kind: string;
}

/**
 * Hears what the agent tells of one thing from its beginning, and resolves to its last word, of kind `ended`. A connection
 * that breaks is made again by the browser, and goes on behind what was heard. Rejects where the agent does not know of it
 * any more: it was started again.
 */
export function follow<T extends Told>(
  path: string,
  told: (word: T) => void,
): Promise<Extract<T, { kind: "ended" }>> {
  return new Promise((resolve, reject) => {
    const source = new EventSource(path);
    source.onmessage = ({ data }) => {
      const word = JSON.parse(data) as T;
      told(word);
      if (word.kind !== "ended") return;
      source.close();
      resolve(word as Extract<T, { kind: "ended" }>);
    };
    source.onerror = () => {
      if (source.readyState !== EventSource.CLOSED) return;
      reject(new AskError("the agent does not tell any more how it goes on", 0));
    };
  });
}

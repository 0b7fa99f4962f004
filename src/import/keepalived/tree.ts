import type { Tell } from "../finding.js";
import type { SourceText, Statement } from "../source-text.js";
import { keepalivedLines } from "./words.js";

interface Open {
  readonly words: readonly string[];
  readonly line: number;
  readonly body: Statement[];
}

/** The blocks of a keepalived file; one that is never closed ends with the file. */
export function keepalivedTree(source: SourceText, tell: Tell): Statement[] {
  const { file } = source;
  const top: Statement[] = [];
  const open: Open[] = [];
  const inner = (): Statement[] => open.at(-1)?.body ?? top;
  const close = (line: number): void => {
    const block = open.pop();
    if (block === undefined)
      tell({ file, line }, "look", "}", "it closes nothing", "see whether a line before it is complete");
    else inner().push(block);
  };
  for (const { words, line } of keepalivedLines(source, tell)) {
    let plain: string[] = [];
    const end = (): void => {
      if (plain.length > 0) inner().push({ words: plain, line, body: null });
      plain = [];
    };
    for (const word of words) {
      if (word === "{") {
        // The brace may stand on a line of its own, below the block's name.
        const before = plain.length === 0 && line > 0 ? inner().pop() : undefined;
        if (before !== undefined && before.body !== null) inner().push(before);
        const named = before?.body === null ? before : { words: plain, line };
        open.push({ words: named.words, line: named.line, body: [] });
        plain = [];
      } else if (word === "}") {
        end();
        close(line);
      } else plain.push(word);
    }
    end();
  }
  const [unclosed] = open;
  if (unclosed !== undefined)
    tell(
      { file, line: unclosed.line },
      "look",
      `${unclosed.words.join(" ")} {`,
      "the block is never closed",
      "add the missing } and import again",
    );
  while (open.length > 0) close(0);
  return top;
}

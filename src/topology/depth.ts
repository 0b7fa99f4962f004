import type { CST } from "yaml";

/** Far deeper than any topology (10), far from the end of the stack. */
const maximumDepth = 32;

/**
 * Where a parsed token is nested too deeply for the recursive composer; null when nowhere. It must be asked first: close
 * to the end of its stack V8 cannot compile a regular expression and ends the process instead of throwing.
 */
export function tooDeep(token: CST.Token): number | null {
  const waiting: { token: CST.Token; depth: number }[] = [{ token, depth: 0 }];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (next.depth > maximumDepth) return next.token.offset;
    for (const inner of tokensIn(next.token)) waiting.push({ token: inner, depth: next.depth + 1 });
  }
  return null;
}

function tokensIn(token: CST.Token): CST.Token[] {
  if ("items" in token)
    return token.items.flatMap(({ key, value }) =>
      [key, value].filter((inner) => inner !== null && inner !== undefined),
    );
  return token.type === "document" && token.value !== undefined ? [token.value] : [];
}

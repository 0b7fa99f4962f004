import type { Paint } from "./plan-text.js";

const codes = { bold: 1, red: 31, green: 32, cyan: 36 } as const;

/** Colours on a terminal, unless NO_COLOR says otherwise (no-color.org). */
export function paintFor(stream: { readonly isTTY?: boolean }): Paint {
  const colour = stream.isTTY === true && !process.env.NO_COLOR;
  return (style, text) => (colour ? `\u001b[${codes[style]}m${text}\u001b[0m` : text);
}

/** Most characters of an operator's string that a message repeats. */
const shown = 48;

/**
 * An operator's string, safe to print: in double quotes, cut after 48 characters, with everything outside
 * printable ASCII escaped, so that no terminal and no log obeys it.
 */
export function quote(text: string): string {
  const head = JSON.stringify(text.slice(0, shown)).replace(
    /[^\x20-\x7e]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
  return text.length > shown ? `${head}... (${text.length} characters)` : head;
}

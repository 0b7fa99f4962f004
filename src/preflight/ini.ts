/** Section and key, and the value that counts: that of the last file which has one (systemd.syntax(7)). */
export type Ini = ReadonlyMap<string, string>;

/**
 * Reads systemd's files, the later over the earlier. Sections may come again, a backslash joins lines, and of a key that
 * stands twice the last one counts, as it does for all that are read here.
 */
export function readIni(texts: readonly string[]): Ini {
  const values = new Map<string, string>();
  for (const text of texts) {
    let section = "";
    for (const line of text.replace(/\\\r?\n/g, " ").split(/\r?\n/)) {
      const trimmed = line.trim();
      if (trimmed === "" || /^[#;]/.test(trimmed)) continue;
      const head = /^\[([^\]]+)\]$/.exec(trimmed)?.[1];
      if (head !== undefined) section = head;
      else {
        const at = trimmed.indexOf("=");
        if (at > 0) values.set(`${section}.${trimmed.slice(0, at).trim()}`, trimmed.slice(at + 1).trim());
      }
    }
  }
  return values;
}

/** systemd's words for a boolean (systemd.syntax(7)); null for any other. */
export function booleanIn(value: string | undefined): boolean | null {
  if (/^(1|yes|y|true|t|on)$/i.test(value ?? "")) return true;
  return /^(0|no|n|false|f|off)$/i.test(value ?? "") ? false : null;
}

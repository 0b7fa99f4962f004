/** Text within a table's cell: one line, and nothing that ends the cell. */
export const cell = (text: string): string => text.replaceAll("|", "\\|").replace(/\s*\n\s*/g, " ");

export const code = (text: string): string => `\`${text}\``;

/** Lines as they are. */
export const fenced = (text: string, language = ""): string => `\`\`\`${language}\n${text.trimEnd()}\n\`\`\``;

export function table(columns: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(cell).join(" | ")} |`;
  return [line(columns), `|${"---|".repeat(columns.length)}`, ...rows.map(line)].join("\n");
}

/** Blocks with an empty line between them; those that are empty are left out. */
export const page = (...blocks: readonly string[]): string =>
  `${blocks.filter((block) => block !== "").join("\n\n")}\n`;

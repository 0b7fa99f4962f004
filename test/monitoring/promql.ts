/** What stands in an expression and is no metric: PromQL's own words, as far as they are used here. */
const words = new Set(["and", "or", "unless", "by", "on", "group_left", "offset", "bool"]);

const text = /"(?:[^"\\]|\\.)*"/g;

/** A metric that an expression asks for, with what it wants of its labels. */
export interface Selector {
  readonly metric: string;
  /** With several values where it is a choice between them: `role=~"active|standby"`. */
  readonly labels: readonly { readonly name: string; readonly values: readonly string[] }[];
}

/** Every metric that an expression asks for, in order. */
export function selectorsIn(expression: string): Selector[] {
  const strings: string[] = [];
  const plain = expression
    .replaceAll(text, (string) => `"${strings.push(string.slice(1, -1)) - 1}"`)
    .replaceAll(/\b(by|on|group_left)\s*\([^)]*\)/g, " ")
    .replaceAll(/\[[^\]]*\]/g, " ")
    .replaceAll(/\b\d+[a-z]+\b/g, " ");
  return [...plain.matchAll(/\b([a-zA-Z_][a-zA-Z0-9_]*)\b(?!\s*\()(?:\{([^}]*)\})?/g)]
    .filter(([, metric = ""]) => !words.has(metric))
    .map(([, metric = "", matchers = ""]) => ({
      metric,
      labels: [...matchers.matchAll(/(\w+)\s*(?:!=|=~|!~|=)\s*"(\d+)"/g)].map(([, name = "", index]) => ({
        name,
        values: (strings[Number(index)] ?? "").split("|"),
      })),
    }));
}

import { isMap, isScalar, isSeq, LineCounter, parseDocument } from "yaml";
import { formatPath, type Path } from "../../src/topology/path.js";

/** A scalar of a topology file: a value, or the name that is a key of networks or interfaces. */
export interface Field {
  readonly path: Path;
  readonly value: unknown;
  readonly isKey: boolean;
  readonly position: { readonly line: number; readonly column: number };
  /** The file with another string in the field's place. */
  readonly holding: (text: string) => string;
}

export function fieldsOf(file: string): Field[] {
  const lines = new LineCounter();
  const document = parseDocument(file, { lineCounter: lines });
  const field = (node: unknown, path: Path, isKey: boolean): Field[] => {
    if (!isScalar(node) || !node.range) return [];
    const [start, end] = node.range;
    const { line, col } = lines.linePos(start);
    const holding = (text: string) => file.slice(0, start) + JSON.stringify(text) + file.slice(end);
    return [{ path, value: node.value, isKey, position: { line, column: col }, holding }];
  };
  const walk = (node: unknown, path: Path): Field[] => {
    if (isSeq(node)) return node.items.flatMap((item, index) => walk(item, [...path, index]));
    if (!isMap(node)) return field(node, path, false);
    return node.items.flatMap(({ key, value }) => {
      const inner = [...path, String(key)];
      const named = /^networks$|interfaces$/.test(formatPath(path)) ? field(key, inner, true) : [];
      return [...named, ...walk(value, inner)];
    });
  };
  return walk(document.contents, []);
}

import type { Parsed } from "../topology/address.js";

/** The list that `ip -json route show` prints, each entry as it stands there; it prints nothing where there is no route. */
export function routeList(json: string): Parsed<readonly Readonly<Record<string, unknown>>[]> {
  let list: unknown;
  try {
    list = JSON.parse(json.trim() === "" ? "[]" : json);
  } catch {
    return { refused: "not JSON" };
  }
  if (!Array.isArray(list)) return { refused: "not a list of routes" };
  return { value: list.map((route) => route ?? {}) };
}

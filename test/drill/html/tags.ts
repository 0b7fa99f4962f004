/** An element's beginning or end, and the names of its attributes. */
export interface Tag {
  readonly name: string;
  readonly attributes: readonly string[];
}

const tag = /<(!doctype html|\/?[a-zA-Z][a-zA-Z0-9-]*)((?:\s+[a-zA-Z0-9:-]+="[^"<>]*")*)\s*>/g;

/** Every tag of a page in its order. @throws where anything else in it could begin one */
export function tagsOf(page: string): Tag[] {
  const rest = page.replace(tag, "");
  const left = /[<>]/.exec(rest);
  if (left !== null)
    throw new Error(`no tag of ours: ${rest.slice(Math.max(0, left.index - 40), left.index + 40)}`);
  return [...page.matchAll(tag)].map(([, name = "", own = ""]) => ({
    name,
    attributes: [...own.matchAll(/([a-zA-Z0-9:-]+)="/g)].map(([, attribute = ""]) => attribute),
  }));
}

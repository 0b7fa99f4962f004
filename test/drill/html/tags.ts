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

/** They have no end. */
const empty: readonly string[] = ["!doctype html", "meta", "link", "br"];

/** Names of elements that are not ended, or in whose place another one is. */
export function unended(page: string): string[] {
  const open: string[] = [];
  const wrong: string[] = [];
  for (const { name } of tagsOf(page).filter((each) => !empty.includes(each.name))) {
    if (!name.startsWith("/")) open.push(name);
    else if (open.pop() !== name.slice(1)) wrong.push(name);
  }
  return [...wrong, ...open];
}

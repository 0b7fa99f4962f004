/** A node of Handlebars' syntax tree, as far as our templates go. */
interface TreeNode {
  readonly type: string;
  readonly original?: string;
  readonly data?: boolean;
  readonly escaped?: boolean;
  readonly parts?: readonly string[];
  readonly path?: TreeNode;
  readonly params?: readonly TreeNode[];
  readonly program?: TreeNode;
  readonly inverse?: TreeNode;
  readonly body?: readonly TreeNode[];
}

/** Every leaf of a view, for instance `instances[].announced.address`. A list of words is a leaf. */
export function viewPaths(view: unknown): string[] {
  return [...new Set(leaves(view, ""))].sort();
}

function leaves(value: unknown, path: string): string[] {
  if (Array.isArray(value)) {
    if (value.length === 0) throw new Error(`the sample's ${path} is empty: give it an element`);
    return value.flatMap((item) => leaves(item, `${path}[]`));
  }
  if (typeof value !== "object" || value === null || "toHTML" in value) return [path];
  return Object.entries(value).flatMap(([key, item]) => leaves(item, path === "" ? key : `${path}.${key}`));
}

/** Every leaf of the view that a template prints or asks about. @throws on a path that the view does not have */
export const pathsIn = (tree: unknown, view: unknown): string[] => pathsOf(tree, view, false);

/** The same of a page, which escapes what it prints without a helper. @throws also on what would not be escaped */
export const pathsInPage = (tree: unknown, view: unknown): string[] => pathsOf(tree, view, true);

function pathsOf(tree: unknown, view: unknown, isPage: boolean): string[] {
  const seen = new Set<string>();
  walk(tree as TreeNode, { path: "", value: view }, { root: view, seen, isPage });
  return [...seen].sort();
}

interface Scope {
  readonly path: string;
  readonly value: unknown;
}

interface Walk {
  readonly root: unknown;
  readonly seen: Set<string>;
  readonly isPage: boolean;
}

function walk(node: TreeNode | undefined, scope: Scope, state: Walk): void {
  for (const child of node?.body ?? []) {
    if (child.type === "MustacheStatement") {
      const wanted = state.isPage ? 0 : 1;
      if (child.params?.length !== wanted)
        throw new Error(`${child.path?.original} is printed without a helper`);
      if (state.isPage && child.escaped !== true) throw new Error(`${child.path?.original} is not escaped`);
      const printed = state.isPage ? child.path : child.params[0];
      for (const leaf of leavesOf(printed, scope, state)) state.seen.add(leaf);
    } else if (child.type === "BlockStatement") {
      const subject = resolve(child.params?.[0], scope, state);
      const each = child.path?.original === "each";
      if (each && !Array.isArray(subject.value)) throw new Error(`${subject.path} is no list`);
      if (!each && typeof subject.value === "boolean") state.seen.add(subject.path);
      const inner = each ? { path: `${subject.path}[]`, value: (subject.value as unknown[])[0] } : scope;
      walk(child.program, inner, state);
      walk(child.inverse, scope, state);
    }
  }
}

function leavesOf(node: TreeNode | undefined, scope: Scope, state: Walk): string[] {
  const { path, value } = resolve(node, scope, state);
  return leaves(value, path);
}

function resolve(node: TreeNode | undefined, scope: Scope, { root }: Walk): Scope {
  const [first, ...others] = node?.parts ?? [];
  const fromRoot = node?.data === true && first === "root";
  let { path, value } = fromRoot ? { path: "", value: root } : scope;
  for (const part of fromRoot ? others : (node?.parts ?? [])) {
    if (typeof value !== "object" || value === null || !(part in value))
      throw new Error(`the view has no ${path}.${part} (${node?.original})`);
    value = (value as Record<string, unknown>)[part];
    path = path === "" ? part : `${path}.${part}`;
  }
  return { path, value };
}

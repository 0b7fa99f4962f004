/** A look-up by name that is made once and then costs the same for any number of items. @throws on an unknown name */
export function byName<T extends { readonly name: string }>(
  what: string,
  items: readonly T[],
): (name: string) => T {
  const map = new Map(items.map((item) => [item.name, item]));
  return (name) => {
    const item = map.get(name);
    if (item === undefined) throw new Error(`${what} ${JSON.stringify(name)} is not part of the cluster`);
    return item;
  };
}

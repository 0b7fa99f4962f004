/** As nameSchema takes them. */
const longest = 32;

/** Makes a name of a topology of what somebody called a thing; `fallback` where nothing is left of it. */
export function nameOf(written: string, fallback: string): string {
  const name = written
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+/, "")
    .slice(0, longest)
    .replace(/-+$/, "");
  return name === "" ? fallback : name;
}

/** Gives each thing of one kind another name: the second `web` is `web-2`. */
export function distinctNames(taken: Iterable<string> = []): (written: string, fallback: string) => string {
  const seen = new Set(taken);
  return (written, fallback) => {
    const first = nameOf(written, fallback);
    let name = first;
    for (let number = 2; seen.has(name); number++) {
      const suffix = `-${number}`;
      name = `${first.slice(0, longest - suffix.length).replace(/-+$/, "")}${suffix}`;
    }
    seen.add(name);
    return name;
  };
}

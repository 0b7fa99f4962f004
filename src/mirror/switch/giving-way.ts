/** Met in their midst and begun with a SYN, both without a name when they were opened; silent for long. */
type Standing = "met" | "begun" | "silent";

/**
 * Which streams give way where there are too many, those that are worth least and are oldest first. Anybody can send a
 * packet that belongs to no connection: whoever has not said who it is keeps no switch away.
 */
export class GivingWay {
  readonly #keys: Readonly<Record<Standing, Set<string>>> = {
    met: new Set(),
    begun: new Set(),
    silent: new Set(),
  };

  add(standing: Standing, key: string): void {
    this.#keys[standing].add(key);
  }

  delete(key: string): void {
    for (const keys of Object.values(this.#keys)) keys.delete(key);
  }

  /** It speaks again. */
  speaks(key: string): void {
    this.#keys.silent.delete(key);
  }

  /** @param may whether this one still may give way: others may have got a name since */
  next(may: (key: string) => boolean): string | null {
    for (const keys of Object.values(this.#keys))
      for (const key of keys) {
        keys.delete(key);
        if (may(key)) return key;
      }
    return null;
  }
}

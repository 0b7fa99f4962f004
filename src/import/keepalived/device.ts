import type { Place, Tell } from "../finding.js";

/** As the topology takes a device's name. */
export const isDevice = (name: string): boolean => /^[A-Za-z0-9_.-]{1,15}$/.test(name);

/** A device's name; null when there is none. */
export function readDevice(name: string | undefined, place: Place, tell: Tell): string | null {
  if (name === undefined) return null;
  if (isDevice(name)) return name;
  tell(place, "lost", name, "it is no device's name: 1 to 15 of A-Z, a-z, 0-9, `_`, `.` and `-`");
  return null;
}

import { existsSync, mkdirSync, readdirSync, rmdirSync, rmSync, writeFileSync } from "node:fs";
import { runner } from "../host/run.js";
import { labRoot } from "./names.js";

/** Where ip-netns(8) keeps names; it makes the directory, and mounts it over itself, at its first use. */
const registry = "/run/netns";
const madeByUs = `${labRoot}/.registry`;

export const namesInRegistry = (): string[] => entries(registry);

/** To be called before a lab's first namespace: notes whether the registry will be our doing. */
export function claimRegistry(): void {
  mkdirSync(labRoot, { recursive: true, mode: 0o755 });
  if (!existsSync(registry)) writeFileSync(madeByUs, "");
}

/** The last lab on the machine takes along what the first one made. */
export async function leaveAsFound(): Promise<void> {
  const others = entries(labRoot).filter((name) => `${labRoot}/${name}` !== madeByUs);
  if (others.length > 0) return;
  if (existsSync(madeByUs) && namesInRegistry().length === 0) {
    await runner([])(["umount", registry]); // Busy: then it stays.
    removeIfEmpty(registry);
  }
  rmSync(madeByUs, { force: true });
  removeIfEmpty(labRoot);
}

export function entries(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}

function removeIfEmpty(directory: string): void {
  try {
    rmdirSync(directory);
  } catch {
    // Someone else's by now, or never there.
  }
}

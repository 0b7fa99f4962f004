import type { Host } from "../host/host.js";
import { expectSuccess } from "./expect-success.js";
import { parseSettings, type Setting } from "./kernel-settings.js";

/** The kernel's values of these keys; those it does not know are left out (`-e`). */
export async function readSettings(host: Host, keys: readonly string[]): Promise<Map<string, string>> {
  if (keys.length === 0) return new Map();
  const argv = ["sysctl", "-e", ...keys];
  return parseSettings(expectSuccess(argv, await host.run(argv)));
}

/** Connection tracking brings its own settings once the first rule asks for it: before, nobody can say. */
const comesWithRules = (key: string): boolean => key.startsWith("net.netfilter.nf_conntrack");

/** What is wrong with the settings, or null: a key that this kernel does not know. Writes nothing. */
export async function checkSettings(host: Host, settings: readonly Setting[]): Promise<string | null> {
  const known = await readSettings(host, keysOf(settings));
  const unknown = keysOf(settings).filter((key) => !known.has(key) && !comesWithRules(key));
  return unknown.length === 0 ? null : `this kernel has no ${unknown.join(", no ")}`;
}

export async function loadSettings(host: Host, settings: readonly Setting[]): Promise<void> {
  if (settings.length === 0) return;
  const argv = ["sysctl", "-w", ...settings.map(([key, value]) => `${key}=${value}`)];
  expectSuccess(argv, await host.run(argv));
}

/** Throws unless the kernel reads back what was written. */
export async function confirmSettings(host: Host, settings: readonly Setting[]): Promise<void> {
  const now = await readSettings(host, keysOf(settings));
  const wrong = settings.find(([key, value]) => now.get(key) !== value);
  if (wrong)
    throw new Error(`${wrong[0]} is ${now.get(wrong[0]) ?? "unknown"}, although ${wrong[1]} was written`);
}

const keysOf = (settings: readonly Setting[]): string[] => settings.map(([key]) => key);

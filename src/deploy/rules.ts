import type { Host } from "../host/host.js";
import type { Chain } from "../render/chains.js";
import { compareRules } from "../render/kernel-rules.js";
import { expectSuccess } from "./expect-success.js";
import { rulesInput } from "./kernel-tables.js";

/** Rules need nothing of a machine but that it runs programs. */
type Runner = Pick<Host, "run">;

const programs = { 4: "iptables", 6: "ip6tables" } as const;

/** What iptables-save or ip6tables-save says. */
export async function saveRules(host: Runner, family: 4 | 6): Promise<string> {
  const argv = [`${programs[family]}-save`];
  return expectSuccess(argv, await host.run(argv));
}

/** What the checker says against `body`, or null. Loads nothing. */
export async function checkRules(host: Runner, family: 4 | 6, body: string): Promise<string | null> {
  const argv = [`${programs[family]}-restore`, "--test", "--noflush"];
  const stdin = rulesInput(body, await saveRules(host, family));
  const { exitCode, stdout, stderr } = await host.run(argv, { stdin });
  return exitCode === 0 ? null : (stderr || stdout).trim() || `exit code ${exitCode}`;
}

/**
 * Makes our chains in the kernel those of `body` (a rendered file or an earlier state), one transaction a table.
 * Chains of `nat` services that `before`, the file rendered until now, has alike stay as the agent made them; others
 * become those of `spread`, where it has them.
 */
export async function loadRules(
  host: Runner,
  family: 4 | 6,
  body: string,
  before = "",
  spread: ReadonlyMap<string, Chain> = new Map(),
): Promise<void> {
  const stdin = rulesInput(body, await saveRules(host, family), before, spread);
  if (stdin === "") return;
  // Others may hold the lock for a moment: seconds to wait (iptables-restore(8)).
  const argv = [`${programs[family]}-restore`, "--noflush", "-w", "5"];
  expectSuccess(argv, await host.run(argv, { stdin }));
}

/** Throws unless the kernel has exactly the rendered rules. */
export async function confirmRules(host: Runner, family: 4 | 6, body: string): Promise<void> {
  const { missing, unexpected } = compareRules(body, await saveRules(host, family));
  const [rule] = [...missing, ...unexpected];
  if (rule === undefined) return;
  throw new Error(
    `IPv${family} rules did not take: ${missing.length} missing, ${unexpected.length} unexpected, first ${rule}`,
  );
}

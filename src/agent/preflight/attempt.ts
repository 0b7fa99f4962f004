import type { Host, RunOptions, RunResult } from "../../host/host.js";

/** What came of a program that this machine may not have; null where it has none, or it took too long. */
export const attempt = (
  host: Pick<Host, "run">,
  argv: readonly string[],
  options: RunOptions = {},
): Promise<RunResult | null> => host.run(argv, { timeout: 5_000, ...options }).catch(() => null);

/** Its output, where it ended well. */
export async function outputOf(host: Pick<Host, "run">, argv: readonly string[]): Promise<string | null> {
  const result = await attempt(host, argv);
  return result?.exitCode === 0 ? result.stdout : null;
}

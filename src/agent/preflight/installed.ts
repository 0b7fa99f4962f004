import type { Host } from "../../host/host.js";
import { type Engine, versionIn } from "../../preflight/engines.js";
import { attempt } from "./attempt.js";

/** The versions of those programs that a machine has. */
export async function versionsOf(
  host: Host,
  programs: readonly Pick<Engine, "name" | "argv">[],
): Promise<Map<string, string>> {
  const asked = await Promise.all(
    programs.map(async ({ name, argv }) => {
      const said = await attempt(host, argv);
      const version =
        said === null ? null : (versionIn(`${said.stdout}\n${said.stderr}`) ?? "of unknown version");
      return version === null ? [] : [[name, version] as const];
    }),
  );
  return new Map(asked.flat());
}

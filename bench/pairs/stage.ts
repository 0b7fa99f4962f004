import type { Host } from "../../src/host/host.js";

/** Puts files on a node as they are, with no plan and no check, and starts (or starts again) what reads them. */
export async function stage(
  host: Host,
  files: Readonly<Record<string, string>>,
  services: readonly string[],
): Promise<void> {
  for (const [path, body] of Object.entries(files))
    await host.swap(await host.stage(path, body, { mode: 0o644, user: "root", group: "root" }), path);
  for (const service of services) {
    await host.services.enable(service);
    await host.services.restart(service);
  }
}

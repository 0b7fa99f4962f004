import { copyFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";

/** Where Debian 12 and 13 and Ubuntu 24.04 have a package's units. */
const systemd = "usr/lib/systemd/system";
const engines = ["keepalived", "haproxy", "conntrackd", "openvpn-server@", "bird"];

const own = ["holdfast-agent.service", "holdfast-multiplexer.service"];

/** Units of our own, and what the engines' own units are told beyond what their packages say. */
export function putUnits({ repository, root }) {
  const from = join(repository, "packaging/systemd");
  for (const engine of engines) {
    const folder = join(root, systemd, `${engine}.service.d`);
    mkdirSync(folder, { recursive: true });
    copyFileSync(join(from, `${engine}.conf`), join(folder, "holdfast.conf"));
  }
  for (const unit of own) copyFileSync(join(from, unit), join(root, systemd, unit));
  mkdirSync(join(root, "etc/holdfast/pki"), { recursive: true });
}

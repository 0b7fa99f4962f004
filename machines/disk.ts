import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { MachinePlan } from "../src/lab/layout-plan.js";

/** What an administrator has done to a machine before holdfast comes: its addresses, and who may log in. */
export function prepareDisk(upper: string, plan: MachinePlan, hosts: string, publicKey: string): void {
  const write = (path: string, text: string, mode = 0o644): void => {
    mkdirSync(dirname(join(upper, path)), { recursive: true });
    writeFileSync(join(upper, path), text, { mode });
  };
  write("etc/hosts", hosts);
  write("etc/hostname", `${plan.name}\n`);
  write("root/.ssh/authorized_keys", publicKey, 0o600);
  for (const folder of ["root", "root/.ssh"]) chmodSync(join(upper, folder), 0o700);
  for (const { device, addresses } of plan.ports)
    write(`etc/systemd/network/${device}.network`, networkFile(device, addresses, plan.routes));
  write("etc/systemd/networkd.conf.d/50-virtual-ips.conf", networkdConf);
  enable(upper, "systemd-networkd.service");
  // Ansible asks the mirror for news once an hour, and here there is none.
  write("var/lib/apt/periodic/update-success-stamp", "");
  const controller = plan.listeners.find(({ kind }) => kind === "openflow");
  if (controller === undefined) return;
  write("etc/systemd/system/controller.service", controllerUnit(controller.port));
  enable(upper, "controller.service", "/etc/systemd/system");
}

const networkFile = (
  device: string,
  addresses: readonly { readonly address: string; readonly prefix: number }[],
  routes: MachinePlan["routes"],
): string =>
  [
    `[Match]\nName=${device}\n`,
    // Otherwise networkd takes away what it did not set itself, virtual IPs too, whenever it is started again.
    `[Network]\nLinkLocalAddressing=no\nIPv6AcceptRA=no\nKeepConfiguration=static`,
    ...addresses.map(({ address, prefix }) => `Address=${address}/${prefix}`),
    ...routes.map((route) => {
      const way = "via" in route ? `Gateway=${route.via}` : "Scope=link";
      const { destination } = route;
      return `\n[Route]\n${destination === "default" ? "" : `Destination=${destination}\n`}${way}`;
    }),
    "",
  ].join("\n");

/** As docs/first-pair.md says: or it removes holdfast's routes and rules too. */
const networkdConf = "[Network]\nManageForeignRoutes=no\nManageForeignRoutingPolicyRules=no\n";

/** It greets switches and answers their echoes. One that is killed stays dead, as a drill wants it. */
const controllerUnit = (port: number): string => `[Unit]
Description=An OpenFlow controller without an application

[Service]
ExecStart=/usr/bin/osken-manager --ofp-tcp-listen-port ${port} os_ken.controller.ofp_handler
Restart=no

[Install]
WantedBy=multi-user.target
`;

function enable(upper: string, unit: string, folder = "/lib/systemd/system"): void {
  const wants = join(upper, "etc/systemd/system/multi-user.target.wants");
  mkdirSync(wants, { recursive: true });
  symlinkSync(join(folder, unit), join(wants, unit));
}

import { createHash } from "node:crypto";
import { copyFileSync, lstatSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { maintainer } from "./documents.mjs";

/** What a node cannot do its work without: the engines, and the programs that the agent asks. */
export const engines = [
  "conntrack",
  "conntrackd",
  "fping",
  "haproxy",
  "iproute2",
  "iptables",
  "iputils-arping",
  "iputils-ping",
  "keepalived",
  "perl",
  "procps",
  "python3",
  "systemd",
  "tcpdump",
];

/** Those of a VPN server alone: BIRD's package would start it on a load balancer too. */
export const vpnEngines = ["bird2", "openvpn"];

/** The package's control files: who it is, what it needs, what is done as it comes and goes. */
export function writeControl({ repository, root, edition }) {
  const folder = join(root, "DEBIAN");
  mkdirSync(folder, { recursive: true });
  const files = filesBelow(root);
  writeFileSync(join(folder, "control"), control(edition, files));
  writeFileSync(
    join(folder, "md5sums"),
    files.map((path) => `${md5(path)}  ${relative(root, path)}\n`).join(""),
  );
  for (const script of ["postinst", "prerm", "postrm"])
    copyFileSync(join(repository, "packaging/debian", script), join(folder, script));
}

function control({ version, architecture, bundlesNode, oldestNode }, files) {
  const size = files.reduce((sum, path) => sum + Math.ceil(lstatSync(path).size / 1_024), 0);
  // What the Node of nodejs.org was built against (its BUILDING.md).
  const node = bundlesNode
    ? ["libc6 (>= 2.28)", "libgcc-s1", "libstdc++6 (>= 8)"]
    : [`nodejs (>= ${oldestNode})`];
  return `Package: holdfast
Version: ${version}
Architecture: ${architecture}
Maintainer: ${maintainer}
Installed-Size: ${size}
Depends: ${[...node, ...engines].join(", ")}
Suggests: ${vpnEngines.join(", ")}
Section: net
Priority: optional
Description: keeps one controller IP answering while load balancers die
 From one YAML file that describes two or more load balancers, holdfast renders
 keepalived, HAProxy, netfilter and conntrackd for each of them, applies them to
 all or none, watches them, and moves the virtual IPs when the active node
 fails. OpenVPN servers that share their clients' routes can be part of the same
 file, or all of it: they need openvpn and bird2 as well.
 .
 This package is for the load balancers and VPN servers, and for whoever
 operates them.
`;
}

const md5 = (path) => createHash("md5").update(readFileSync(path)).digest("hex");

const filesBelow = (root) =>
  readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !path.startsWith(join(root, "DEBIAN")))
    .sort();

import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { clientProfile } from "../render/vpn/client-profile.js";
import { inlineIdentity } from "../render/vpn/inline-identity.js";
import { vpnPlaces } from "../render/vpn/places.js";
import type { Cluster, Vpn } from "../topology/cluster.js";
import type { Layout } from "./layout-plan.js";
import type { Ledger } from "./ledger.js";
import { program } from "./program.js";
import { VpnAuthority } from "./vpn-authority.js";

/** Debian's openvpn-client@NAME runs NAME.conf there. */
export const clientDirectory = "/etc/openvpn/client";
export const clientConf = "holdfast.conf";

/** Where a package's programs are, of which a VPN server's OpenVPN runs one. */
const packageDirectory = dirname(dirname(vpnPlaces.hook));

/** Gives VPN servers and clients what is not holdfast's to make: certificates, and on the clients their profiles. */
export async function prepareVpnDisks(
  { vpn }: Cluster,
  { vpnClients }: Layout,
  ledger: Ledger,
): Promise<void> {
  if (vpn === null) return;
  const authority = await VpnAuthority.make(join(ledger.directory, "vpn"));
  for (const { name } of vpn.servers) {
    const place = join(ledger.disk(name), vpnPlaces.pki);
    mkdirSync(place, { recursive: true });
    const identity = await authority.issue(name, "serverAuth,clientAuth");
    writeFileSync(join(place, "ca.crt"), identity.ca);
    writeFileSync(join(place, "server.crt"), identity.certificate);
    writeFileSync(join(place, "server.key"), identity.key, secret);
    const programs = join(ledger.disk(name), packageDirectory);
    mkdirSync(dirname(programs), { recursive: true });
    symlinkSync(program.root, programs);
  }
  await prepareVpnClients(vpn, { vpnClients }, ledger, authority);
}

/** Gives each client its profile, with a certificate in it. */
export async function prepareVpnClients(
  vpn: Vpn,
  { vpnClients }: Pick<Layout, "vpnClients">,
  ledger: Ledger,
  authority: VpnAuthority,
): Promise<void> {
  for (const { machine, commonName, server } of vpnClients) {
    const place = join(ledger.disk(machine), clientDirectory);
    mkdirSync(place, { recursive: true });
    const identity = await authority.issue(commonName, "clientAuth");
    const profile = inlineIdentity(clientProfile.render(vpn, commonName, server), identity);
    writeFileSync(join(place, clientConf), profile, secret);
  }
}

const secret = { mode: 0o600 };

import { clientProfile } from "../render/vpn/client-profile.js";
import { inlineIdentity } from "../render/vpn/inline-identity.js";
import type { Vpn } from "../topology/cluster.js";
import { commonNameSchema } from "../topology/schema/vpn.js";
import { type ClusterOptions, printJson, UserError } from "./context.js";
import { writeSecret } from "./output-file.js";
import { loadCluster } from "./topology-file.js";
import { readClientIdentity } from "./vpn-client-identity.js";

export interface VpnClientOptions extends ClusterOptions {
  readonly certificates?: string;
  readonly server?: string;
  readonly out?: string;
  readonly force?: boolean;
}

/** Prints a client's profile, or writes it where only its owner reads it. */
export async function writeProfile(name: string, options: VpnClientOptions): Promise<void> {
  const { cluster, path } = await loadCluster(options);
  if (cluster.vpn === null)
    throw new UserError(`${path} has no VPN servers: a section \`vpn\` describes them`);
  const { vpn } = cluster;
  checkNames(vpn, name, options.server);
  const bare = clientProfile.render(vpn, name, options.server);
  const profile =
    options.certificates === undefined
      ? bare
      : inlineIdentity(bare, await readClientIdentity(options.certificates, name));
  if (options.out !== undefined) await writeSecret(options.out, profile, { force: options.force === true });
  if (options.json === true)
    printJson("vpn-client", {
      cluster: cluster.name,
      name,
      file: options.out ?? null,
      servers: remotes(profile),
      ...(options.out === undefined ? { profile } : {}),
    });
  else
    process.stdout.write(options.out === undefined ? profile : `${options.out} is the profile of ${name}.\n`);
}

const remotes = (profile: string): string[] =>
  [...profile.matchAll(/^remote (\S+)/gm)].map(([, host = ""]) => host);

function checkNames({ servers }: Vpn, name: string, server: string | undefined): void {
  const { error } = commonNameSchema.safeParse(name);
  if (error !== undefined) throw new UserError(`a client's name ${error.issues[0]?.message}`);
  const names = servers.map((each) => each.name);
  if (names.includes(name))
    throw new UserError(`${name} is a server of the network: give its client another name`);
  if (server !== undefined && !names.includes(server))
    throw new UserError(`there is no VPN server ${server}; the servers are ${names.join(", ")}`);
}

import type { Host } from "../host/host.js";
import type { RenderedFile } from "../render/file.js";
import { openvpnService } from "../render/vpn/vpn-services.js";
import { identityComplaint, type PemFile } from "../vpn/identity-complaint.js";

/**
 * Null where OpenVPN would take a file, else why not. It has no switch for that, but before it prints a list
 * (openvpn(8), `show-digests`) it reads all options as for a start. At certificates it looks only as it starts, when
 * whoever is connected has lost his connection already, and at some of what is wrong with them only others do.
 *
 * @param server its name in the topology, by which its peers know it
 */
export async function checkOpenvpn(
  host: Pick<Host, "run" | "read" | "now">,
  { path, body }: Pick<RenderedFile, "path" | "body">,
  staged: string,
  server: string,
): Promise<string | null> {
  // Settings of one client: the server reads them at a login, and ends for nothing in them.
  if (openvpnService(path) === null) return null;
  const { exitCode, stdout, stderr } = await host.run(["openvpn", "--config", staged, "--show-digests"]);
  if (exitCode !== 0)
    return (
      `${stderr}${stdout}`.replace(/^Use --help for more information\.$/m, "").trim() ||
      `exit code ${exitCode}`
    );
  const named = filesIn(body);
  const missing = await Promise.all(named.map((file) => missingFile(host, file)));
  return missing.flat().join("\n") || certificateComplaint(host, named, server);
}

interface Named {
  readonly option: string;
  readonly file: string;
}

/** The files that are an operator's to put there: certificates, and the management's password (openvpn(8)). */
const filesIn = (body: string): Named[] =>
  [...body.matchAll(/^(ca|cert|key|management \S+ \S+) (\/\S+)$/gm)].map(([, option = "", file = ""]) => ({
    option: option.split(" ")[0] ?? "",
    file,
  }));

async function missingFile(host: Pick<Host, "run">, { option, file }: Named): Promise<string[]> {
  const { exitCode } = await host.run(["test", "-f", file]);
  return exitCode === 0 ? [] : [`there is no file ${file}, which \`${option}\` names: put it there first`];
}

async function certificateComplaint(
  host: Pick<Host, "read" | "now">,
  named: readonly Named[],
  server: string,
): Promise<string | null> {
  const read = async (option: string): Promise<PemFile> => {
    const path = named.find((each) => each.option === option)?.file ?? option;
    return { path, text: (await host.read(path)) ?? "" };
  };
  const [ca, certificate, key] = await Promise.all([read("ca"), read("cert"), read("key")]);
  return identityComplaint({ ca, certificate, key }, { name: server, kind: "server" }, host.now());
}

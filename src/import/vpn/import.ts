import { loadTopology } from "../../topology/load.js";
import { findings, oneLine, remarking, type Tell } from "../finding.js";
import type { Import } from "../import.js";
import { largest, type SourceText } from "../source-text.js";
import { type CubeFile, importedVpnServer } from "./servers.js";
import { readSettings } from "./settings.js";
import { type ImportedVpn, vpnTopologyText } from "./text.js";

/** Makes a topology of cube-routed's files, one of each server, and says what has to be filled in. */
export function importVpn(sources: readonly SourceText[]): Import {
  const { tell, inOrder } = findings();
  const vpn = compose(sources, tell);
  if (typeof vpn === "string")
    return { topology: null, refused: oneLine(vpn), findings: inOrder(), problems: [] };
  const text = vpnTopologyText(vpn);
  return { topology: text, refused: null, findings: inOrder(), problems: loadTopology(text).problems };
}

function compose(sources: readonly SourceText[], tellAll: Tell): ImportedVpn | string {
  const [first, , third] = sources;
  if (first === undefined) return "no file was named: one of each server is needed";
  if (third !== undefined)
    return `${third.file} is one too many: cube-routed joins two servers; import two, and write the others into the topology`;
  const files: CubeFile[] = [];
  for (const source of sources) {
    if (source.text.length > largest)
      return `${source.file} is larger than 1 MiB: it is no file of cube-routed`;
    const settings = readSettings(source, tellAll);
    if (settings === null)
      return `${source.file}:1 has no setting of cube-routed (lines such as remote_mgmt_ip = 10.200.200.2): name the file that its daemon is started with`;
    files.push({ file: source.file, line: 1, settings });
  }
  const [one, other = null] = files;
  const contradiction = one === undefined || other === null ? null : sameServer(one, other);
  if (one === undefined || contradiction !== null) return contradiction ?? "";
  const { tell, remarks } = remarking(tellAll);
  tell(
    one,
    "look",
    "the names imported, overlay, vpn-a and vpn-b",
    "no file names anything",
    "choose names: a server's is its certificate's common name",
  );
  tell(
    one,
    "look",
    "pool",
    "no file says which addresses may be routed",
    "fill in a network that has all clients' addresses, and no other's",
  );
  tellReplaced(files, tell);
  return {
    remarks,
    servers: [
      importedVpnServer("vpn-a", one, other, tellAll),
      importedVpnServer("vpn-b", other, one, tellAll),
    ],
    backboneDevice: backboneDevice(files, tell),
  };
}

/** Each names the other, so no two name the same one. */
function sameServer(one: CubeFile, other: CubeFile): string | null {
  for (const name of ["remote_mgmt_ip", "remote_data_ip"] as const) {
    const [here, there] = [one.settings[name], other.settings[name]];
    if (here !== undefined && here.value.text === there?.value.text)
      return `${there.file}:${there.line} and ${here.file}:${here.line} have the same ${name}, ${here.value.text}, which is the other server's: name one file of each server`;
  }
  return null;
}

function tellReplaced(files: readonly CubeFile[], tell: Tell): void {
  for (const { settings } of files) {
    const { cube_routed_port: port, mgmt_interface: tunnel } = settings;
    if (port !== undefined)
      tell(
        port,
        "replaced",
        "cube_routed_port",
        "BGP carries the routes, in the tunnel; agents talk by mutual TLS",
        "let nobody reach the old port any more",
      );
    if (tunnel !== undefined)
      tell(
        tunnel,
        "replaced",
        "mgmt_interface",
        "holdfast makes the tunnel between the servers itself",
        "end your own before the first apply",
      );
  }
}

/** What the pairs' devices begin with, where the device of the first pair, 0, can keep its name; null: the default. */
function backboneDevice(files: readonly CubeFile[], tell: Tell): string | null {
  const written = files.flatMap(({ settings }) => settings.mgmt_interface ?? []);
  const [first] = written;
  if (first === undefined) return null;
  const begin = /^(.*[^0-9])0$/.exec(first.value)?.[1];
  const clients = files.map(({ settings }) => settings.data_interface?.value ?? "tun0");
  if (
    begin !== undefined &&
    written.every(({ value }) => value === first.value) &&
    !clients.includes(first.value)
  )
    return begin;
  tell(
    first,
    "replaced",
    "the tunnel's device",
    "a pair of servers has a number, which ends the device's name: it is bb0 now",
    "see to rules that name the old one",
  );
  return null;
}

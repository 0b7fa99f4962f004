import { type Place, remarking, type Tell } from "../finding.js";
import { fillIn } from "../topology/imported.js";
import type { CubeSettings } from "./settings.js";

export interface CubeFile extends Place {
  readonly settings: CubeSettings;
}

/** A server of the topology; what no file says is `FILL-IN` or, where there is a default, null. */
export interface ImportedVpnServer {
  readonly name: string;
  readonly backbone: string;
  readonly device: string | null;
  readonly managementPort: number | typeof fillIn;
  readonly passwordFile: string | null;
  readonly remarks: readonly string[];
}

/**
 * A server by its own file, and by what the other's says of it; one of the two may be missing. What a human has to fill
 * in stands in the comments above it.
 */
export function importedVpnServer(
  name: string,
  own: CubeFile | null,
  other: CubeFile | null,
  whole: Tell,
): ImportedVpnServer {
  const { tell, remarks } = remarking(whole);
  const place = own ?? other ?? { file: "", line: 1 };
  const {
    openvpn_mgmt_port: port,
    openvpn_mgmt_pass_file: pass,
    data_interface: device,
  } = own?.settings ?? {};
  const { remote_mgmt_ip: backbone, remote_data_ip: inside } = other?.settings ?? {};
  const look = (at: Place, what: string, why: string, cure: string) =>
    tell(at, "look", `${name}${what}`, why, cure);
  look(
    place,
    "'s address",
    "no file says where clients reach it",
    "fill it in, with `port` where it is not 1194 and `proto` where it is tcp",
  );
  look(
    inside ?? place,
    "'s clients",
    `no file says which network it gives them addresses of${inside === undefined ? "" : `; its own there is ${inside.value.text}`}`,
    "fill in the network of OpenVPN's `server` or `ifconfig-pool`; the server has the first address",
  );
  if (backbone?.value.family === 6)
    look(
      backbone,
      "'s backbone",
      "it has to be an IPv4 address, as BGP's router id is one",
      "fill in one of your own choice, outside the pool",
    );
  else if (backbone === undefined)
    look(
      place,
      "'s backbone",
      other === null
        ? "the other server's file, which says it, was not given"
        : "the other server's file has no remote_mgmt_ip",
      "fill in its address in the tunnel",
    );
  if (own === null)
    look(
      place,
      "",
      "its own file was not given: its clients' device is tun0, its management has no password",
      "import again with its file, or write `device` and `password_file`",
    );
  if (port === undefined)
    look(place, "'s management port", "no file says it", "fill it in, or write `socket` instead");
  return {
    name,
    backbone: backbone?.value.family === 4 ? backbone.value.text : fillIn,
    device: device?.value ?? null,
    managementPort: port?.value ?? fillIn,
    passwordFile: pass?.value ?? null,
    remarks,
  };
}

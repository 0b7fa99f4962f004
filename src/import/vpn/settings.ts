import type { Ip } from "../../topology/address.js";
import { didYouMean } from "../../topology/suggest.js";
import { readIp } from "../address.js";
import type { Place, Tell } from "../finding.js";
import type { SourceText } from "../source-text.js";

/** A value, and where it stands. */
export interface Stated<T> extends Place {
  readonly value: T;
}

/** Each setting of cube-routed: what a value of it is, and how one is read (undefined: it is none). */
const settings = {
  /** Device of the tunnel to the other server. */
  mgmt_interface: setting("a device, for instance bb0", device),
  /** Device of this server's clients. */
  data_interface: setting("a device, for instance tun0", device),
  /** On 127.0.0.1. */
  openvpn_mgmt_port: setting("a port, 1 to 65535", port),
  openvpn_mgmt_pass_file: setting("an absolute path of A-Z, a-z, 0-9, `_`, `.` and `-`", path),
  /** Of the daemons' own datagrams. */
  cube_routed_port: setting("a port, 1 to 65535", port),
  /** The other server's address in the tunnel. */
  remote_mgmt_ip: setting("an address", address),
  /** The other server's address among its clients. */
  remote_data_ip: setting("an address", address),
};

type Name = keyof typeof settings;
type ValueOf<N extends Name> = Exclude<ReturnType<(typeof settings)[N]["read"]>, undefined>;

/** What one server's file says; a setting that it does not have, or not in a way that can be used, is not there. */
export type CubeSettings = { readonly [N in Name]?: Stated<ValueOf<N>> };

/**
 * Reads a server's file: lines of `NAME = VALUE`, and comments that begin with `#`. Null when no line of it is a setting.
 * What is told never shows a value that was not understood: it may be another file's, or a password.
 */
export function readSettings({ file, text }: SourceText, tell: Tell): CubeSettings | null {
  const lines = text.split(/\r\n|\r|\n/).flatMap((raw, index) => {
    const line = raw.replace(/(^|\s)#.*$/, "").trim();
    const equals = Math.max(0, line.indexOf("="));
    const [name, value] = [line.slice(0, equals).trim(), line.slice(equals + 1).trim()];
    return line === "" ? [] : [{ file, line: index + 1, name, value }];
  });
  if (!lines.some(({ name }) => isName(name))) return null;
  const found = new Map<Name, Stated<unknown>>();
  for (const { name, value: written, ...place } of lines) {
    if (!isName(name)) {
      tellUnknown(place, name, tell);
      continue;
    }
    const { kind, read } = settings[name];
    const value = read(written);
    const before = found.get(name);
    if (value === undefined)
      tell(place, "lost", name, `its value is not ${kind}`, "correct the line and import again");
    else if (before !== undefined)
      tell(place, "look", name, `line ${before.line} sets it too, and was taken`, "see which one is right");
    else found.set(name, { ...place, value });
  }
  return Object.fromEntries(found) as CubeSettings;
}

const isName = (name: string): name is Name => Object.hasOwn(settings, name);

function tellUnknown(place: Place, name: string, tell: Tell): void {
  if (!/^[A-Za-z_][A-Za-z0-9_]{0,63}$/.test(name))
    tell(
      place,
      "lost",
      "this line",
      "it is not NAME = VALUE",
      "correct it, or begin it with # if it is a comment",
    );
  else
    tell(
      place,
      "lost",
      name,
      `cube-routed has no such setting${didYouMean(name, Object.keys(settings))}`,
      "correct the name and import again, or leave the line out",
    );
}

function setting<T>(kind: string, read: (text: string) => T | undefined) {
  return { kind, read };
}

/** As deviceSchema takes them. */
function device(text: string): string | undefined {
  return /^(?!(?:\.{1,2}|lo|all|default)$)[A-Za-z0-9_.-]{1,15}$/.test(text) ? text : undefined;
}

function port(text: string): number | undefined {
  const number = /^[0-9]{1,5}$/.test(text) ? Number(text) : 0;
  return number >= 1 && number <= 65_535 ? number : undefined;
}

/** As `management.password_file` takes them. */
function path(text: string): string | undefined {
  return text.length <= 4095 && /^(?!.*\/\.{1,2}(\/|$))(\/[A-Za-z0-9_.-]+)+$/.test(text) ? text : undefined;
}

function address(text: string): Ip | undefined {
  return readIp(text) ?? undefined;
}

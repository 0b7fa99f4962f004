import { bits, parseIp, parsePrefix } from "../topology/address.js";

/** One login of a client: OpenVPN's hooks, management events and snapshots all name it by these three. */
export interface Session {
  /** The certificate's common name: any printable text, with blanks and commas. */
  readonly name: string;
  /** When its first packet came: whole seconds since 1970, by the clock of OpenVPN's machine. */
  readonly since: number;
  /** Where it comes from: `ADDRESS:PORT`, or of IPv6 the address alone, since a snapshot does not tell that port. */
  readonly from: string;
}

/** A session and what is reached through it. */
export interface Login {
  readonly session: Session;
  /** Prefixes in canonical text; one address is a prefix of full length. */
  readonly destinations: readonly string[];
}

/** Characters of a name: OpenVPN takes 64, or 128 where it is a user's; more is not one. */
const longestName = 256;

/** A text that is different for every session. */
export const keyOf = ({ since, from, name }: Session): string => `${since} ${from} ${name}`;

/** A name as OpenVPN may have one; null for any other text. */
export const nameIn = (text: string | undefined): string | null =>
  text !== undefined && text.length > 0 && text.length <= longestName && !/[\0-\x1f\x7f]/.test(text)
    ? text
    : null;

/** A number as OpenVPN writes it; null for any other text. */
export const countIn = (text: string | undefined): number | null =>
  text !== undefined && /^[0-9]{1,15}$/.test(text) ? Number(text) : null;

/** An IPv4 address as canonical text has it: nearly all that are read, and tens of thousands at once. */
const canonical4 = /^(?:(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])(?:\.(?!$)|$)){4}$/;

/** The prefix that an address or prefix of OpenVPN stands for; null for a hardware address, or what is neither. */
export function destinationOf(text: string): string | null {
  const alone = text.endsWith("/32") ? text.slice(0, -3) : text;
  if (canonical4.test(alone)) return `${alone}/32`;
  const parsed = text.includes("/") ? parsePrefix(text) : parseIp(text);
  if ("refused" in parsed) return null;
  const { value } = parsed;
  return "prefix" in value ? value.text : `${value.text}/${bits(value.family)}`;
}

/** The session of which OpenVPN's environment variables tell; null where one is missing (openvpn(8), Environmental Variables). */
export function sessionIn(variables: ReadonlyMap<string, string>): Session | null {
  const name = nameIn(variables.get("common_name"));
  const since = countIn(variables.get("time_unix"));
  const from = fromIn(variables);
  return name === null || since === null || from === null ? null : { name, since, from };
}

/** The same with the addresses that the client got; those behind it are told apart, by `learn-address`. */
export function loginIn(variables: ReadonlyMap<string, string>): Login | null {
  const session = sessionIn(variables);
  if (session === null) return null;
  const addresses = ["ifconfig_pool_remote_ip", "ifconfig_pool_remote_ip6"].map((key) => variables.get(key));
  const destinations = addresses.flatMap((text) => destinationOf(text ?? "") ?? []);
  return { session, destinations };
}

function fromIn(variables: ReadonlyMap<string, string>): string | null {
  const [four, six] = [variables.get("trusted_ip"), variables.get("trusted_ip6")];
  const parsed = parseIp(four ?? six ?? "");
  const port = countIn(variables.get("trusted_port"));
  if ("refused" in parsed || port === null) return null;
  return parsed.value.family === 4 ? `${parsed.value.text}:${port}` : parsed.value.text;
}

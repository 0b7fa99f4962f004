/** What the wire says about who owns a virtual IP. `at` is wall-clock milliseconds. */
export type WireEvent =
  /** A VRRP advert: its sender holds the virtual IPs (RFC 9568, 6.4.3), or gives them up with priority 0. */
  | {
      readonly kind: "advert";
      readonly at: number;
      readonly mac: string;
      readonly source: string;
      readonly priority: number;
    }
  /** A gratuitous ARP or an unsolicited neighbour advertisement. */
  | { readonly kind: "announcement"; readonly at: number; readonly mac: string; readonly address: string }
  /** An answer to somebody who asked for the address. */
  | { readonly kind: "answer"; readonly at: number; readonly mac: string; readonly address: string };

/** What `tcpdump -l -n -e -tt` is asked for on a network's bridge. */
export const wireFilter = "(ip proto 112) or (ip6 proto 112) or arp or (icmp6 and ip6[40] == 136)";

const head = String.raw`^(\d+\.\d+) ([0-9a-f:]{17}) > ([0-9a-f:]{17}), `;
const advert = new RegExp(String.raw`${head}.*?: (\S+) > \S+: VRRPv3, Advertisement, .*?prio (\d+),`);
const arpRequest = new RegExp(String.raw`${head}.*: Request who-has (\S+?)(?: \(\S+\))? tell (\S+?),`);
const arpReply = new RegExp(String.raw`${head}.*: Reply (\S+) is-at `);
const neighbourAdvert = new RegExp(String.raw`${head}.*neighbor advertisement, tgt is (\S+?),`);

const everyone = /^(ff:ff:ff:ff:ff:ff|33:33:.*)$/;

/** Reads one line of tcpdump; null where it tells nothing about ownership. */
export function wireEvent(line: string): WireEvent | null {
  const vrrp = advert.exec(line);
  if (vrrp) {
    const [, seconds = "", mac = "", , source = "", priority] = vrrp;
    return { kind: "advert", at: Number(seconds) * 1_000, mac, source, priority: Number(priority) };
  }
  const request = arpRequest.exec(line);
  if (request) {
    const [, seconds = "", mac = "", , address = "", teller] = request;
    // RFC 5227, 3: an announcement asks for the sender's own address
    return address === teller ? { kind: "announcement", at: Number(seconds) * 1_000, mac, address } : null;
  }
  const told = arpReply.exec(line) ?? neighbourAdvert.exec(line);
  if (!told) return null;
  const [, seconds = "", mac = "", to = "", address = ""] = told;
  return { kind: everyone.test(to) ? "announcement" : "answer", at: Number(seconds) * 1_000, mac, address };
}

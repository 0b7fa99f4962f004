import { readIp } from "../address.js";
import type { Tell } from "../finding.js";
import type { Statement } from "../source-text.js";
import { readDevice } from "./device.js";
import type { Instance, WrittenVirtualIp } from "./keepalived.js";
import { instanceFates } from "./not-carried.js";
import { readVirtualIp } from "./virtual-ip.js";

/** Settings of keepalived's that holdfast makes itself in every instance. */
const made =
  /^(garp_|gna_|debug|dont_track_primary|skip_check_adv_addr|strict_mode|linkbeat_use_polling|higher_prio_send_advert|lower_prio_no_advert|kernel_rx_buf_size|check_unicast_src|unicast_fault_no_peers|thread_timer_expired|fault_no_sync_group|old_unicast_checksum|mcast_dst_ip)/;

/** Reads one vrrp_instance; null when it has nothing that moves. */
export function readInstance({ words, line, body }: Statement, file: string, tell: Tell): Instance | null {
  const place = { file, line };
  const name = words[1] ?? "";
  const statements = body ?? [];
  const value = (key: string): string | undefined =>
    statements.findLast((each) => each.words[0] === key)?.words[1];
  const virtualIps: WrittenVirtualIp[] = [];
  const peers: Instance["peers"][number][] = [];
  const replaced: Statement[] = [];
  for (const statement of statements) {
    const [key = ""] = statement.words;
    const at = { file, line: statement.line };
    const fate = Object.hasOwn(instanceFates, key) ? instanceFates[key] : undefined;
    if (key === "virtual_ipaddress" || key === "virtual_ipaddress_excluded")
      virtualIps.push(...entries(statement).flatMap((each) => readVirtualIp(each, file, tell) ?? []));
    else if (key === "unicast_peer")
      for (const each of entries(statement)) {
        const peer = readIp(each.words[0] ?? "");
        if (peer === null) tell({ file, line: each.line }, "lost", each.words.join(" "), "it is no address");
        else peers.push(peer);
        if (peer !== null && each.words.length > 1)
          tell(
            { file, line: each.line },
            "lost",
            each.words.slice(1).join(" "),
            `peer ${peer.text} comes without it`,
          );
      }
    else if (fate !== undefined) tell(at, fate[0], key, fate[1], fate[2]);
    else if (made.test(key)) replaced.push(statement);
    else if (!carried.has(key))
      tell(at, "lost", statement.words.join(" "), "import does not know it", "see whether it is missed");
  }
  if (virtualIps.length === 0) {
    tell(place, "lost", `vrrp_instance ${name}`, "it has no virtual IP");
    return null;
  }
  if (peers.length === 0)
    tell(place, "replaced", "adverts by multicast", "holdfast's adverts go to the peers' own addresses");
  tellUnread(statements, file, tell);
  const [first] = replaced;
  if (first !== undefined)
    tell(
      { file, line: first.line },
      "replaced",
      replaced.map(({ words: [key] }) => key).join(", "),
      "holdfast writes its own settings of an instance",
    );
  const isMaster = value("state") === "MASTER";
  const stay = statements.findLast(({ words: [key] }) => key === "preempt" || key === "nopreempt");
  const nopreempt = stay?.words[0] === "nopreempt";
  const priority = whole(value("priority"), 1, 255) ?? 100;
  const takesBack = isMaster || priority === 255;
  if (nopreempt && takesBack)
    tell(
      { file, line: stay.line },
      "look",
      "nopreempt",
      `keepalived does not heed it with ${isMaster ? "state MASTER" : "priority 255"}: this node takes the virtual IPs back, and so it is carried over`,
      "write preempt: false if they were to stay",
    );
  const sourceText = value("unicast_src_ip") ?? value("mcast_src_ip");
  return {
    ...place,
    name,
    virtualIps,
    peers,
    device: readDevice(value("interface"), place, tell),
    isMaster,
    virtualRouterId: whole(value("virtual_router_id"), 1, 255),
    priority,
    advertInterval: milliseconds(value("advert_int")) ?? 1000,
    downAdverts: whole(value("down_timer_adverts"), 1, 100),
    preempt: !nopreempt || takesBack,
    preemptDelay: milliseconds(value("preempt_delay")),
    source: sourceText === undefined ? null : readIp(sourceText),
  };
}

/** What each setting takes, and what comes in its place where it takes it not. */
const takes: Readonly<Record<string, readonly [reads: (text: string) => boolean, instead: string]>> = {
  state: [(text) => /^(MASTER|BACKUP)$/.test(text), "BACKUP"],
  virtual_router_id: [(text) => whole(text, 1, 255) !== null, "holdfast's own numbering"],
  priority: [(text) => whole(text, 1, 255) !== null, "100, keepalived's own"],
  advert_int: [(text) => milliseconds(text) !== null, "1 s, keepalived's own"],
  down_timer_adverts: [(text) => whole(text, 1, 100) !== null, "3"],
  preempt_delay: [(text) => milliseconds(text) !== null, "holdfast's own"],
  unicast_src_ip: [(text) => readIp(text) !== null, "none"],
  mcast_src_ip: [(text) => readIp(text) !== null, "none"],
};

function tellUnread(statements: readonly Statement[], file: string, tell: Tell): void {
  for (const { words, line } of statements) {
    const [key = "", text = ""] = words;
    const [reads, instead = ""] = (Object.hasOwn(takes, key) ? takes[key] : undefined) ?? [];
    if (reads?.(text) === false)
      tell(
        { file, line },
        "look",
        words.join(" "),
        `it cannot be read; in its place: ${instead}`,
        "see which it is",
      );
  }
}

const carried = new Set([
  ...["state", "interface", "virtual_router_id", "priority", "advert_int", "down_timer_adverts"],
  ...["preempt", "nopreempt", "preempt_delay", "unicast_src_ip", "mcast_src_ip"],
]);

/** The lines of a block; of `virtual_ipaddress 10.0.0.1` without one, the rest of the line. */
const entries = ({ words, line, body }: Statement): readonly Statement[] =>
  body ?? (words.length > 1 ? [{ words: words.slice(1), line, body: null }] : []);

function whole(text: string | undefined, from: number, to: number): number | null {
  if (text === undefined || !/^[0-9]{1,6}$/.test(text)) return null;
  const value = Number(text);
  return value >= from && value <= to ? value : null;
}

/** keepalived counts in seconds, with decimals. */
const milliseconds = (text: string | undefined): number | null =>
  text !== undefined && /^[0-9]{1,6}(\.[0-9]{1,6})?$/.test(text) ? Math.round(Number(text) * 1000) : null;

import type { Draft, DraftInterface } from "../draft.js";
import { type Finding, rule, ruleOfWhole } from "../rule.js";
import { copyPort, syncPorts } from "../sync-links.js";
import { syncNetworks } from "../sync-networks.js";

/** conntrackd's lexer (1.4.7) takes a device name for a word, and a word begins with a letter. */
export const syncDeviceBeginsWithLetter = ruleOfWhole("sync-device-begins-with-letter", (draft) =>
  devices(
    draft,
    (device) => !/^[A-Za-z]/.test(device),
    (device) => `conntrackd cannot read the device name ${device}: it has to begin with a letter`,
  ),
);

/** A name that its lexer would take for something else. */
export const syncDeviceIsNoOtherWord = ruleOfWhole("sync-device-is-no-other-word", (draft) =>
  devices(
    draft,
    (device) => isAddressPart(device) || isKeyword(device),
    (device) =>
      isAddressPart(device)
        ? `conntrackd takes the device name ${device} for part of an IPv6 address: give it one that is longer, or that is not hexadecimal`
        : `conntrackd takes the device name ${device} for a word of its own language: give it another`,
  ),
);

/** Both are UDP, and the agents' beats come first. */
export const agentPortIsNotConntrackds = rule("agent-port-is-not-conntrackds", ({ spec: { agent } }) =>
  (agent.port < syncPorts.first || agent.port > syncPorts.last) && agent.port !== copyPort
    ? []
    : [
        {
          at: ["agent", "port"],
          message: `ports ${syncPorts.first} to ${syncPorts.last} are conntrackd's, and ${copyPort} is that of copies: choose another`,
        },
      ],
);

/** The interfaces that conntrackd speaks on and whose device is `unreadable`. */
function devices(
  draft: Draft,
  unreadable: (device: string) => boolean,
  message: (device: string) => string,
): Finding[] {
  const carriers = new Set(syncNetworks(draft));
  const isUnreadable = ({ network, device }: DraftInterface) => carriers.has(network) && unreadable(device);
  return draft.nodes.flatMap(({ interfaces }) =>
    interfaces
      .filter(isUnreadable)
      .map(({ device, at }) => ({ at: [...at, "device"], message: message(device) })),
  );
}

const isAddressPart = (device: string): boolean => /^[0-9A-Fa-f]{1,4}$/.test(device) && /^\D/.test(device);

const isKeyword = (device: string): boolean =>
  keywords.has(device) || looseKeywords.has(device.toLowerCase());

/** Those that are short enough for a device (IFNAMSIZ), as its lexer has them. */
const keywords: ReadonlySet<string> = new Set(
  `UNIX IPv4_address IPv6_address IPv4_interface IPv6_interface Interface Multicast UDP TCP HashSize RefreshTime
  CacheTimeout CommitTimeout HashLimit Path Backlog Group Port LogFile Syslog LockFile General Sync Stats Mode
  ResendQueueSize Checksum ACKWindowSize for SYN_SENT SYN_RECV ESTABLISHED FIN_WAIT CLOSE_WAIT LAST_ACK TIME_WAIT
  CLOSE CLOSED LISTEN SndSocketBuffer RcvSocketBuffer Filter Protocol Address State Accept Ignore PurgeTimeout From
  Userspace Kernelspace Default PollSecs Nice Scheduler Type Priority Options ExpectationSync Helper QueueNum QueueLen
  Policy ExpectMax ExpectTimeout Systemd StartupResync`.split(/\s+/),
);

/** Those that it reads in any case. */
const looseKeywords: ReadonlySet<string> = new Set([
  ...["on", "off", "yes", "no"],
  ...["alarm", "ftfw", "nack", "notrack"],
]);

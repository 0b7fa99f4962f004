/** Versions of the engines on one machine, as they say them themselves: `2.6.12`. */
export interface Engines {
  readonly haproxy: string;
}

/** What `render` supports, and what each brings. Ubuntu's engines were never run here; see `differences`. */
export const distributions = {
  "debian-12": { keepalived: "2.2.7", haproxy: "2.6.12", iptables: "1.8.9", conntrackd: "1.4.7" },
  "ubuntu-24.04": { keepalived: "2.2.8", haproxy: "2.8.5", iptables: "1.8.10", conntrackd: "1.4.8" },
  "debian-13": { keepalived: "2.3.3", haproxy: "3.0.11", iptables: "1.8.11", conntrackd: "1.4.8" },
} as const satisfies Readonly<Record<string, Engines & Readonly<Record<string, string>>>>;

export type Distribution = keyof typeof distributions;

/** Whose files are rendered where nobody says otherwise, and what a machine is taken for that does not answer. */
export const usual: Distribution = "debian-12";

interface Difference {
  readonly engine: "haproxy";
  /** The first version that has it. */
  readonly since: string;
  readonly what: string;
  readonly source: string;
  /** What was seen here. */
  readonly tried: string;
}

/** What an engine can, or no longer takes, from a version on: what is rendered depends on it. */
export const differences = {
  keepsCapabilities: {
    engine: "haproxy",
    since: "2.9",
    what: "setcap: it keeps CAP_NET_ADMIN when it gives up root, so that a transparent source needs no root",
    source: "HAProxy's CHANGELOG, 2.9-dev5; its configuration manual, 3.1, setcap",
    tried: "2.6.12 refuses the keyword; 3.0.11 serves transparently as user haproxy",
  },
  masterByOptionAlone: {
    engine: "haproxy",
    since: "3.3",
    what: "the keyword master-worker is deprecated, and refused alone from 3.5 on; -W and -Ws, which start it anyway, say it",
    source: "the announcement of HAProxy 3.5-dev2",
    tried: "2.6.12 and 3.0.11 take the keyword without a warning; no later one was run",
  },
} as const satisfies Readonly<Record<string, Difference>>;

/**
 * Differences that need no gate, because what is rendered or read suits every version:
 * - iptables 1.8.10 and later prints protocol 112 by its number in iptables-save (saved-rules.ts reads either).
 * - keepalived 2.3 does not start, and says no version, without its package's own /etc/keepalived/keepalived.config-opts:
 *   nothing of holdfast's removes or replaces it.
 * - keepalived 2.3 leaves a track file out, and `-t` exits 5, where the file's directory is missing when it reads its
 *   configuration: holdfast-network.service makes it before keepalived starts, and the agent before any apply.
 */
export type DifferenceName = keyof typeof differences;

/** Whether the machine's engine is of a version that has it. */
export function has(engines: Engines, name: DifferenceName): boolean {
  const { engine, since } = differences[name];
  return isAtLeast(engines[engine], since);
}

function isAtLeast(version: string, since: string): boolean {
  const [own, wanted] = [numbers(version), numbers(since)];
  for (const [index, part] of wanted.entries()) {
    const mine = own[index] ?? 0;
    if (mine !== part) return mine > part;
  }
  return true;
}

const numbers = (version: string): number[] =>
  version.split(".").map((part) => Number.parseInt(part, 10) || 0);

/** `3.0.11` of `HAProxy version 3.0.11-1+deb13u4 2025/...`; null where it says no version. */
export const haproxyVersion = (says: string): string | null =>
  /^HA-?Proxy version ([0-9]{1,3}(?:\.[0-9]{1,5}){1,3})/m.exec(says)?.[1] ?? null;

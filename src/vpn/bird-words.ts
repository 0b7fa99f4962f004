import { destinationOf } from "./session.js";

/** BIRD's session with another server, as `show protocols all` has it. */
export interface BirdPeer {
  /** The server, by the protocol's name (templates/vpn/bird.conf.hbs). */
  readonly server: string;
  /** `Established`, or what BGP does instead. */
  readonly state: string;
  /** Routes of it that are used, and those that the filters refuse now. */
  readonly imported: number;
  readonly refused: number;
}

const prefix = "peer-";

/**
 * Reads the answer of `birdc show protocols all` (BIRD 2.0 user's guide, 4): a table row a protocol, and below it, further in,
 * what there is to say of it. Channels of both families count together.
 */
export function birdPeersIn(text: string): BirdPeer[] {
  const peers: { server: string; state: string; imported: number; refused: number }[] = [];
  let peer: (typeof peers)[number] | null = null;
  for (const line of text.split("\n")) {
    const [, name = "", kind] = /^(\S+)\s+(\S+)\s/.exec(line) ?? [];
    if (name !== "") {
      const server = name.startsWith(prefix) && kind === "BGP" ? name.slice(prefix.length) : null;
      peer = server === null ? null : { server, state: "down", imported: 0, refused: 0 };
      if (peer !== null) peers.push(peer);
      continue;
    }
    if (peer === null) continue;
    const [, state] = /^\s+BGP state:\s+(\S+)/.exec(line) ?? [];
    if (state !== undefined) peer.state = state;
    const [, imported, refused] = /^\s+Routes:\s+(\d+) imported, (?:(\d+) filtered, )?/.exec(line) ?? [];
    peer.imported += Number(imported ?? 0);
    peer.refused += Number(refused ?? 0);
  }
  return peers;
}

/** Prefixes in the answer of `birdc show route filtered`, each once, in their order. */
export function birdPrefixesIn(text: string): string[] {
  const prefixes = text.split("\n").flatMap((line) => {
    const [, word] = /^([0-9a-f.:]+\/\d+)\s/.exec(line) ?? [];
    return destinationOf(word ?? "") ?? [];
  });
  return [...new Set(prefixes)];
}

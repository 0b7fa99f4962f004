import type { Tell } from "../finding.js";
import type { GivenMachine } from "./machines.js";

/**
 * What a keepalived file says of its own machine against what --addresses says. An address that stands on another
 * machine means that the files were given in different orders, and nothing that is made of them could be believed: the
 * answer is then why. Whatever else does not fit is told.
 */
export function foreignSource(given: readonly GivenMachine[], tell: Tell): string | null {
  for (const [index, { keepalived, addresses }] of given.entries()) {
    const [listed] = addresses;
    if (keepalived === null || listed === undefined) continue;
    const stands = new Set([...addresses, ...keepalived.ownAddresses].map(({ ip }) => ip.text));
    for (const { name, source, peers, file, line } of keepalived.instances) {
      // A link-local address is not in what was read of 'ip -o address'.
      if (source !== null && !stands.has(source.text) && !/^fe[89ab]/i.test(source.text)) {
        const other = given.find(
          (each, at) => at !== index && each.addresses.some(({ ip }) => ip.text === source.text),
        );
        const foreign = other?.addresses[0]?.file;
        if (foreign !== undefined)
          return `${file}:${line}: vrrp_instance ${name} speaks from ${source.text}, which is not in ${listed.file} but in ${foreign}; give --addresses in the order of --keepalived`;
        tell(
          { file, line },
          "look",
          `vrrp_instance ${name} speaks from ${source.text}`,
          `it is not among the addresses in ${listed.file}`,
          "see which of the two is right",
        );
      }
      const self = source === null ? peers.find(({ text }) => stands.has(text)) : undefined;
      if (self !== undefined)
        tell(
          { file, line },
          "look",
          `vrrp_instance ${name} has ${self.text} as a peer`,
          `by ${listed.file} that is an address of this node itself`,
          "see whether --addresses stand in the order of --keepalived",
        );
    }
  }
  return null;
}

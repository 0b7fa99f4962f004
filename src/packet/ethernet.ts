/** What a frame carries (IEEE 802 numbers, IANA). */
export const etherTypes = { ip4: 0x0800, arp: 0x0806, ip6: 0x86dd } as const;

/** `02:68:66:00:00:0a` as it stands in a frame; null for what is no Ethernet address. */
export const macBytes = (mac: string): Buffer | null =>
  /^([0-9a-f]{2}:){5}[0-9a-f]{2}$/.test(mac) ? Buffer.from(mac.replaceAll(":", ""), "hex") : null;

/** A frame's head. */
export const ethernet = (to: Buffer, from: Buffer, type: number): Buffer =>
  Buffer.concat([to, from, Buffer.from([type >> 8, type & 0xff])]);

export const macText = (bytes: Buffer): string => bytes.toString("hex").replace(/(..)(?=.)/g, "$1:");

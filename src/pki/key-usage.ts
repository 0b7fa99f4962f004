import type { X509Certificate } from "node:crypto";
import { type DerValue, derValues } from "./der.js";

/** RFC 5280, 4.2.1.3: bits of the first byte, as `remote-cert-ku` of openvpn(8) has them. */
export const keyUsages = { digitalSignature: 0x80, keyEncipherment: 0x20, keyAgreement: 0x08 } as const;

/** RFC 5280, 4.2.1.3: id-ce-keyUsage, 2.5.29.15. */
const identifier = Buffer.of(0x55, 0x1d, 0x0f);

/** RFC 5280, 4.1: the extensions' tag, the last one of what is signed. */
const extensionsTag = 0xa3;

/** The first byte of a certificate's keyUsage, null where it has none. What Node calls `keyUsage` is the extended one. */
export function keyUsageOf({ raw }: X509Certificate): number | null {
  const signed = inside(inside([...derValues(raw)][0])[0]);
  const extensions = inside(inside(signed.find(({ tag }) => tag === extensionsTag))[0]);
  for (const extension of extensions) {
    const parts = inside(extension);
    if (!identifier.equals(parts[0]?.body ?? Buffer.of())) continue;
    // Behind a BOOLEAN that says whether it is critical; in the BIT STRING, behind how many bits of the last byte are not used.
    return inside(parts.at(-1))[0]?.body[1] ?? 0;
  }
  return null;
}

const inside = (value: DerValue | undefined): DerValue[] =>
  value === undefined ? [] : [...derValues(value.body)];

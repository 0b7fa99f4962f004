import type { SecureContextOptions } from "node:tls";
import type { Identity } from "../api/identity.js";

/** Where an agent is reached, and who it must be. */
export type Endpoint =
  | { readonly kind: "unix"; readonly path: string }
  | {
      readonly kind: "tls";
      /** Tried in this order; a change may move an agent's address. */
      readonly candidates: readonly { readonly host: string; readonly port: number }[];
      readonly expect: Identity;
      /** Who asks and whom it trusts (pki/policy.ts, `secureContextOf`). */
      readonly tls: SecureContextOptions;
    };

/** `10.0.3.2:7443`, `[2001:db8::2]:7443` (RFC 3986, 3.2.2). */
export const place = ({ host, port }: { readonly host: string; readonly port: number }): string =>
  `${host.includes(":") ? `[${host}]` : host}:${port}`;

import type { Identity } from "../../api/identity.js";
import { newRequest } from "../request.js";
import { type Revocations, readRevocations } from "../revocations.js";

/** What an agent cannot do with node:crypto alone. */
export interface CertificateWork {
  newRequest(identity: Identity): Promise<{ readonly key: string; readonly request: string }>;
  /** @throws PkiError unless it is a list that the authority signed */
  readRevocations(pem: string, authority: string): Promise<Revocations>;
}

export const inThisProcess: CertificateWork = { newRequest, readRevocations };

/** What the process apart reads from its standard input, as JSON. */
export type Question =
  | { readonly kind: "request"; readonly identity: Identity }
  | { readonly kind: "revocations"; readonly pem: string; readonly authority: string };

/** What it writes on its standard output; `refused` is a sentence on what is wrong with what was asked. */
export type Answer<T> = { readonly done: T } | { readonly refused: string };

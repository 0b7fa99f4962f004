import { z } from "zod";
import { PkiError } from "./pki-error.js";

const entrySchema = z.object({
  serial: z.string().regex(/^[0-9A-F]{2,40}$/),
  name: z.string(),
  role: z.enum(["viewer", "operator", "node"]),
  /** ISO 8601, UTC, like all times here. */
  issued: z.iso.datetime(),
  not_after: z.iso.datetime(),
  revoked: z.iso.datetime().nullable(),
});

const ledgerSchema = z.object({
  schema: z.literal("holdfast/pki-ledger/v1"),
  cluster: z.string(),
  /** Number of the newest revocation list. */
  crl_number: z.int().positive(),
  certificates: z.array(entrySchema),
});

/** A certificate that the authority issued. */
export type LedgerEntry = z.infer<typeof entrySchema>;
/** All that an authority ever issued, oldest first. */
export type Ledger = z.infer<typeof ledgerSchema>;

export const newLedger = (cluster: string): Ledger => ({
  schema: "holdfast/pki-ledger/v1",
  cluster,
  crl_number: 1,
  certificates: [],
});

/** @throws PkiError */
export function parseLedger(text: string): Ledger {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new PkiError("ledger.json is not JSON; restore it from a backup");
  }
  const { data, error } = ledgerSchema.safeParse(json);
  if (data === undefined)
    throw new PkiError(
      `ledger.json is damaged at ${error.issues[0]?.path.join(".")}; restore it from a backup`,
    );
  return data;
}

const isValid = ({ revoked, not_after }: LedgerEntry, now: Date): boolean =>
  revoked === null && new Date(not_after) > now;

/** The name's certificates that are neither revoked nor expired, oldest first. */
export const validOf = (ledger: Ledger, name: string, now: Date): LedgerEntry[] =>
  ledger.certificates.filter((entry) => entry.name === name && isValid(entry, now));

export const withIssued = (ledger: Ledger, entry: LedgerEntry): Ledger => ({
  ...ledger,
  certificates: [...ledger.certificates, entry],
});

/** The certificates revoked, and the number of the list that says so. */
export const withRevoked = (ledger: Ledger, serials: readonly string[], now: Date): Ledger => ({
  ...ledger,
  crl_number: ledger.crl_number + 1,
  certificates: ledger.certificates.map((entry) =>
    serials.includes(entry.serial) ? { ...entry, revoked: now.toISOString() } : entry,
  ),
});

/** What a revocation list has to name: who is revoked and would otherwise still be good. */
export const revokedIn = (ledger: Ledger, now: Date): { serial: string; at: Date }[] =>
  ledger.certificates.flatMap(({ serial, revoked, not_after }) =>
    revoked !== null && new Date(not_after) > now ? [{ serial, at: new Date(revoked) }] : [],
  );

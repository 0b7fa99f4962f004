import type { LedgerEntry } from "../pki/ledger.js";
import type { Paint } from "./plan-text.js";

const day = 86_400_000;
/** Days before its end from which a certificate is shown in red. */
const soon = 30;

/** Whole days, rounded down: negative once it is over. */
export const daysUntil = (time: string, now: Date): number =>
  Math.floor((new Date(time).getTime() - now.getTime()) / day);

/** The same for the authority: with it every certificate ends, and a new one takes a visit to each node. */
const soonForAuthority = 400;

export function authorityLine(cluster: string, expires: string, now: Date, paint: Paint): string {
  const left = daysUntil(expires, now);
  const words = left < 0 ? `EXPIRED ${expires.slice(0, 10)}` : `expires ${expires.slice(0, 10)}`;
  return `authority of ${cluster}  ${left < soonForAuthority ? paint("red", words) : words}\n`;
}

/** A line a certificate, by name, the newest of a name first. */
export function listText(certificates: readonly LedgerEntry[], now: Date, paint: Paint): string {
  if (certificates.length === 0) return "Nothing was issued yet: 'holdfast pki issue NAME'.\n";
  const widest = Math.max(...certificates.map(({ name }) => name.length));
  return certificates
    .toSorted((a, b) => a.name.localeCompare(b.name) || b.issued.localeCompare(a.issued))
    .map((entry) => {
      const line = `${entry.name.padEnd(widest)}  ${entry.role.padEnd(8)}  ${entry.serial}  `;
      const left = daysUntil(entry.not_after, now);
      const state = stateOf(entry, left);
      return `${line}${entry.revoked === null && left < soon ? paint("red", state) : state}\n`;
    })
    .join("");
}

function stateOf({ revoked, not_after }: LedgerEntry, left: number): string {
  if (revoked !== null) return `revoked ${revoked.slice(0, 10)}`;
  if (left < 0) return `expired ${not_after.slice(0, 10)}`;
  return left === 1 ? "expires in 1 day" : `expires in ${left} days`;
}

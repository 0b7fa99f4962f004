/** What is told of one address of somebody who is connected. */
export interface OfSession {
  /** The certificate's common name, which several may share. */
  readonly name: string;
  /** When the session began, in whatever words. */
  readonly since: number | string;
  /** What OpenVPN calls the session (Client ID); null until it told. */
  readonly session: number | null;
}

/** How many are connected, of whom each may be listed once for every address. */
export const sessionCount = (listed: readonly OfSession[]): number =>
  new Set(listed.map(({ name, since, session }) => `${since} ${session} ${name}`)).size;

/**
 * The prefix has browsers take it over HTTPS alone, from this very host, for every path (RFC 6265bis, 4.1.3.2). A browser
 * forgets it as it ends.
 */
export const sessionCookieName = "__Host-holdfast";
const manner = "Path=/; Secure; HttpOnly; SameSite=Strict";

export const sessionCookie = (token: string): string => `${sessionCookieName}=${token}; ${manner}`;

export const noSessionCookie = `${sessionCookieName}=; Max-Age=0; ${manner}`;

/** The token in a `cookie` header; null for none, and for two, of which one would be somebody else's. */
export function tokenIn(header: string | undefined): string | null {
  const found = (header ?? "")
    .split(";")
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${sessionCookieName}=`));
  const [only, ...others] = found;
  return only === undefined || others.length > 0 ? null : only.slice(sessionCookieName.length + 1);
}

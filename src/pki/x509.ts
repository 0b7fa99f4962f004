/**
 * The library that makes and verifies certificates, requests and revocation lists. It is loaded when that happens and
 * not before: an agent at rest reads certificates with node:crypto alone and does without its 20 MB.
 */
export async function loadX509(): Promise<typeof import("@peculiar/x509")> {
  await import("reflect-metadata"); // The library's dependency container refuses to load without it.
  return import("@peculiar/x509");
}

/** What a client shows of itself, and whom it believes: PEM (RFC 7468). */
export interface ClientIdentity {
  readonly ca: string;
  readonly certificate: string;
  readonly key: string;
}

const pem = /^-----BEGIN ([A-Z0-9 ]{1,60})-----\r?\n(?:[A-Za-z0-9+/=]{1,80}\r?\n)+-----END \1-----\r?$/gm;

/** The blocks of a PEM file, without what stands around them. */
export const pemBlocks = (text: string): string[] =>
  (text.match(pem) ?? []).map((block) => block.replaceAll("\r", ""));

/**
 * A profile that needs no other file: OpenVPN's inline files (openvpn(8), INLINE FILE SUPPORT). Of each text only its blocks are
 * taken: another line might end the inline file, and the next be read as an option. @throws where there is none
 */
export function inlineIdentity(profile: string, { ca, certificate, key }: ClientIdentity): string {
  const files: Readonly<Record<string, string>> = { ca, cert: certificate, key };
  return profile.replace(/^(ca|cert|key) .*$/gm, (_, option: string) => {
    const blocks = pemBlocks(files[option] ?? "");
    if (blocks.length === 0) throw new Error(`what is to be \`${option}\` of a profile is not PEM`);
    return `<${option}>\n${blocks.join("\n")}\n</${option}>`;
  });
}

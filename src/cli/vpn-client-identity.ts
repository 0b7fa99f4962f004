import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { ClientIdentity } from "../render/vpn/inline-identity.js";
import { certificateBlocks, keyBlock } from "../vpn/identity.js";
import { identityComplaint, type PemFile } from "../vpn/identity-complaint.js";
import { UserError } from "./context.js";

/** Reads ca.crt, NAME.crt and NAME.key of a directory. Throws, naming the file and the cure, where OpenVPN could not use them. */
export async function readClientIdentity(directory: string, name: string): Promise<ClientIdentity> {
  const read = (file: string) => readPem(join(directory, file), name);
  // One after the other: where the directory is wrong, it is always the first that is named.
  const ca = await read("ca.crt");
  const certificate = await read(`${name}.crt`);
  const key = await read(`${name}.key`);
  const complaint = identityComplaint({ ca, certificate, key }, { name, kind: "client" }, Date.now());
  if (complaint !== null) throw new UserError(complaint);
  return {
    ca: certificateBlocks(ca.text).join("\n"),
    certificate: certificateBlocks(certificate.text).join("\n"),
    key: keyBlock(key.text) ?? "",
  };
}

async function readPem(path: string, name: string): Promise<PemFile> {
  try {
    return { path, text: await readFile(path, "utf8") };
  } catch (error) {
    const reason = error instanceof Error && "code" in error ? String(error.code) : "unreadable";
    throw new UserError(
      `cannot read ${path} (${reason}): name a directory with ca.crt, ${name}.crt and ${name}.key`,
    );
  }
}

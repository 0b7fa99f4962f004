import { z } from "zod";
import type { Host } from "../host/host.js";
import { paths } from "../render/paths.js";
import { isVpnService, type VpnService } from "../render/vpn/vpn-services.js";

const family = z.union([z.literal(4), z.literal(6)]);
const service = z.union([
  z.enum(["keepalived", "haproxy", "conntrackd", "holdfast-multiplexer", "holdfast-agent"]),
  z.custom<VpnService>((name) => typeof name === "string" && isVpnService(name)),
]);

const step = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("reload-units") }),
  z.object({ kind: z.literal("enable"), unit: z.string() }),
  z.object({ kind: z.literal("load-rules"), family }),
  z.object({ kind: z.literal("load-settings") }),
  z.object({ kind: z.literal("load-routes") }),
  z.object({ kind: z.literal("change-servers") }),
  z.object({ kind: z.enum(["start", "reload", "restart", "stop"]), service }),
]);

const presentFile = z.object({ body: z.string(), mode: z.int(), user: z.string(), group: z.string() });

const journalSchema = z.object({
  schema: z.literal("holdfast/journal/v1"),
  /** The generation that is being put in place. */
  generation: z.object({ number: z.int().positive(), digest: z.string() }),
  /** Where `current` pointed; null when there was no such link. */
  previous: z.string().nullable(),
  /** Each file that is touched, as it stood before; null where there was none. */
  files: z.array(
    z.object({ path: z.string(), staged: z.string().nullable(), before: presentFile.nullable() }),
  ),
  steps: z.array(step),
  /** Of the first apply: how the engines were that others may have made use of. `enabled` is null where nobody could say. */
  services: z
    .array(z.object({ name: z.string(), running: z.boolean(), enabled: z.boolean().nullable() }))
    .default([]),
  /** Our part of the kernel as it was. */
  rules: z.object({ 4: z.string(), 6: z.string() }),
  settings: z.array(z.tuple([z.string(), z.string()])),
  routing: z.object({
    routes: z.array(z.object({ destination: z.string(), via: z.string(), device: z.string() })),
    links: z.array(z.object({ device: z.string(), mtu: z.int() })),
    wayBack: z.array(family),
  }),
});

/**
 * Everything that puts a node back as it was, in one file that is on disk before the first change and removed after
 * the last: an apply has happened exactly if its journal is gone.
 */
export type Journal = z.infer<typeof journalSchema>;

export const journalPath = `${paths.stateDir}/journal.json`;

export async function writeJournal(host: Host, journal: Journal): Promise<void> {
  const staged = await host.stage(journalPath, JSON.stringify(journal), {
    mode: 0o600,
    user: "root",
    group: "root",
  });
  await host.swap(staged, journalPath);
}

export async function readJournal(host: Host): Promise<Journal | null> {
  const text = await host.read(journalPath);
  return text === null ? null : journalSchema.parse(JSON.parse(text));
}

export const removeJournal = (host: Host): Promise<void> => host.remove(journalPath);

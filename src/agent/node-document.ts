import type { Host } from "../host/host.js";
import type { NodeDocument } from "../render/node-json.js";
import { paths } from "../render/paths.js";

/** What was rendered for this node; null before the first apply. @throws when the file is not what this version renders */
export async function readNode(host: Host): Promise<NodeDocument | null> {
  const text = await host.read(paths.nodeJson);
  if (text === null) return null;
  const document: Partial<NodeDocument> | null = JSON.parse(text);
  const { schema, node, cluster } = document ?? {};
  if (schema !== "holdfast/node/v1" || node === undefined || cluster === undefined)
    throw new Error(
      `${paths.nodeJson} is not of schema holdfast/node/v1: apply again with this version of holdfast`,
    );
  return { schema, node, cluster };
}

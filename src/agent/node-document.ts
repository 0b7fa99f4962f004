import type { Host } from "../host/host.js";
import { type NodeDocument, parseNodeJson } from "../render/node-json.js";
import { paths } from "../render/paths.js";

/** What was rendered for this machine; null before the first apply. @throws when the file is not what this version renders */
export async function readNode(host: Host): Promise<NodeDocument | null> {
  const text = await host.read(paths.nodeJson);
  if (text === null) return null;
  try {
    return parseNodeJson(text);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(`${paths.nodeJson} ${why}: apply again with this version of holdfast`, { cause: error });
  }
}

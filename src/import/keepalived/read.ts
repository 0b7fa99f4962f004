import { readIp, readPrefix, readStanding } from "../address.js";
import type { Tell } from "../finding.js";
import type { SourceText, Statement } from "../source-text.js";
import { isDevice } from "./device.js";
import { readGroup } from "./group.js";
import { readInstance } from "./instance.js";
import type { Instance, KeepalivedFile, OwnAddress, SyncGroup, WrittenRoute } from "./keepalived.js";
import { type Fate, globalFates, topFates } from "./not-carried.js";
import { keepalivedTree } from "./tree.js";

/** Reads one node's keepalived.conf; whatever a topology has no place for is told. */
export function readKeepalived(source: SourceText, tell: Tell): KeepalivedFile {
  const { file } = source;
  const instances: Instance[] = [];
  const ownAddresses: OwnAddress[] = [];
  const routes: WrittenRoute[] = [];
  let routerId: string | null = null;
  const groups: SyncGroup[] = [];
  let isVersion3 = false;
  for (const statement of keepalivedTree(source, tell)) {
    const [key = ""] = statement.words;
    const body = statement.body ?? [];
    if (key === "global_defs") {
      routerId = readGlobals(body, file, tell) ?? routerId;
      isVersion3 ||= body.some(({ words }) => words[0] === "vrrp_version" && words[1] === "3");
    } else if (key === "vrrp_instance") {
      const instance = readInstance(statement, file, tell);
      if (instance !== null) instances.push(instance);
    } else if (key === "vrrp_sync_group") {
      groups.push(readGroup(statement, file, tell));
    } else if (key === "vrrp_script") tellScript(statement, file, tell);
    else if (key === "static_ipaddress")
      ownAddresses.push(...body.flatMap((each) => ownAddress(each, file, tell)));
    else if (key === "static_routes") routes.push(...body.flatMap((each) => route(each, file, tell)));
    else {
      const fate: Fate = own(topFates, key) ?? [
        "lost",
        "import does not know it",
        "see whether it is missed",
      ];
      tell({ file, line: statement.line }, fate[0], statement.words.join(" "), fate[1], fate[2]);
    }
  }
  return { file, routerId, groups, instances, isVersion3, ownAddresses, routes };
}

function readGlobals(body: readonly Statement[], file: string, tell: Tell): string | null {
  let routerId: string | null = null;
  const replaced: Statement[] = [];
  for (const statement of body) {
    const [key = "", value = ""] = statement.words;
    const fate = own(globalFates, key);
    if (key === "router_id") routerId = value;
    else if (fate !== undefined) tell({ file, line: statement.line }, fate[0], key, fate[1], fate[2]);
    else replaced.push(statement);
  }
  const [first] = replaced;
  const names = replaced.map(({ words }) => words[0]).join(", ");
  if (first !== undefined)
    tell({ file, line: first.line }, "replaced", names, "holdfast writes its own global_defs");
  return routerId;
}

/** The usual scripts look whether HAProxy runs; of any other nobody knows what it means. */
function tellScript({ words, line, body }: Statement, file: string, tell: Tell): void {
  const script =
    body
      ?.find((each) => each.words[0] === "script")
      ?.words.slice(1)
      .join(" ") ?? "";
  const place = { file, line };
  const what = `vrrp_script ${words[1] ?? ""} (${script})`;
  if (/haproxy/i.test(script))
    tell(place, "replaced", what, "the agent asks HAProxy itself, and HAProxy's own unit tells of its death");
  else
    tell(
      place,
      "lost",
      what,
      "holdfast runs no check scripts: it watches its engines, rules, addresses and networks",
      "see whether one of its own checks does the same, for instance failover.witness for a ping",
    );
}

function ownAddress({ words, line }: Statement, file: string, tell: Tell): OwnAddress[] {
  // holdfast's own keepalived.conf comes in place of this one.
  tell(
    { file, line },
    "lost",
    `static_ipaddress ${words.join(" ")}`,
    "holdfast gives a node no address of its own",
    "put it into the system's own network configuration before this keepalived stops",
  );
  const standing = readStanding(words[0] ?? "");
  const device = words[words.indexOf("dev") + 1];
  return standing === null || !words.includes("dev") || device === undefined || !isDevice(device)
    ? []
    : [{ ...standing, device, file, line }];
}

function route({ words, line }: Statement, file: string, tell: Tell): WrittenRoute[] {
  const [written = "", ...options] = words[0] === "src" ? words.slice(2) : words;
  const destination = readPrefix(written === "default" ? "0.0.0.0/0" : written);
  const at = options.findIndex((option) => option === "via" || option === "gw");
  const via = at < 0 ? null : readIp(options[at + 1] ?? "");
  if (destination !== null && via !== null) return [{ file, line, destination, via }];
  tell(
    { file, line },
    "lost",
    words.join(" "),
    "a route of the topology has a destination and a next hop, and no more",
    "keep it in the system's own network configuration",
  );
  return [];
}

const own = (fates: Readonly<Record<string, Fate>>, key: string): Fate | undefined =>
  Object.hasOwn(fates, key) ? fates[key] : undefined;

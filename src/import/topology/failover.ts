import { formatDuration } from "../../topology/duration.js";
import { remarking, type Tell } from "../finding.js";
import type { Instance } from "../keepalived/keepalived.js";
import type { ImportedFailover } from "./imported.js";
import { isSame, type Machine } from "./machines.js";

/** When and how the virtual IPs move: as the first machine's first instance says. */
export function importedFailover(machines: readonly Machine[], telling: Tell): ImportedFailover {
  const { tell, remarks } = remarking(telling);
  const files = machines.flatMap(({ keepalived }) => keepalived ?? []);
  const instances = files.flatMap((file) => file.instances);
  const first = files[0]?.instances[0];
  if (first === undefined) throw new Error("there is no instance");
  compare(first, instances, tell);
  if (files[0]?.isVersion3 === false)
    tell(
      first,
      "look",
      "VRRPv2, keepalived's own choice",
      "holdfast's nodes speak VRRPv3, and neither version hears the other: side by side both machines would be active",
      "change them in one go, with keepalived stopped on the standby until both have the new files",
    );
  const advertInterval = Math.min(Math.max(Math.round(first.advertInterval / 10) * 10, 10), 40_000);
  if (advertInterval !== first.advertInterval)
    tell(
      first,
      "look",
      `advert_int ${first.advertInterval / 1000}`,
      `adverts come every 10ms to 40s in steps of 10ms; it is ${formatDuration(advertInterval)}`,
      "see that it suits",
    );
  const preempt = instances.some((each) => each.preempt);
  const delay = first.preemptDelay;
  if (preempt && delay === null)
    tell(
      first,
      "replaced",
      "preemption at once",
      "a node that returns waits for preempt_delay, 10 s by default, until it holds the sessions",
    );
  return {
    advertInterval,
    preempt,
    downAdverts: Math.min(Math.max(first.downAdverts ?? 3, 2), 10),
    preemptDelay: preempt && delay !== null ? Math.min(delay, 1_000_000) : null,
    remarks,
  };
}

/** Machines that were configured apart from each other. */
function compare(first: Instance, instances: readonly Instance[], tell: Tell): void {
  for (const each of instances)
    if (each.advertInterval !== first.advertInterval)
      tell(
        each,
        "look",
        `advert_int ${each.advertInterval / 1000}`,
        `all adverts come at one interval: ${first.advertInterval / 1000} s, as in vrrp_instance ${first.name}`,
        "see that it suits",
      );
}

/** Of a second machine's file only addresses and devices are taken; whatever else differs is told. */
export function compareFiles(machines: readonly Machine[], tell: Tell): void {
  const [primary, ...others] = machines.flatMap(({ keepalived }) => keepalived ?? []);
  for (const { instances } of others)
    for (const instance of instances) {
      const like = primary?.instances.find((each) => isSame(each, instance));
      if (like === undefined) {
        const cure = "see which of them is right; the topology has what the preferred node's file says";
        tell(instance, "look", `vrrp_instance ${instance.name}`, `${primary?.file} has none like it`, cure);
        continue;
      }
      const theirs = addresses(instance);
      const ours = addresses(like);
      if (theirs !== ours)
        tell(
          instance,
          "look",
          `vrrp_instance ${instance.name} with ${theirs}`,
          `in ${primary?.file} it has ${ours}, and so has the topology`,
          "see which of them is right",
        );
    }
}

const addresses = ({ virtualIps }: Instance): string =>
  virtualIps
    .map(({ ip }) => ip.text)
    .sort()
    .join(", ");

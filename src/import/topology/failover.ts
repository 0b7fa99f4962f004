import { formatDuration } from "../../topology/duration.js";
import { type Place, remarking, type Tell } from "../finding.js";
import type { Instance } from "../keepalived/keepalived.js";
import type { ImportedFailover } from "./imported.js";
import { isSame, type Machine } from "./machines.js";
import { tellTogether } from "./together.js";

/** When and how the virtual IPs move: as the first machine's first instance says. */
export function importedFailover(machines: readonly Machine[], telling: Tell): ImportedFailover {
  const { tell, remarks } = remarking(telling);
  const files = machines.flatMap(({ keepalived }) => keepalived ?? []);
  const instances = files.flatMap((file) => file.instances);
  const first = files[0]?.instances[0];
  if (first === undefined) throw new Error("there is no instance");
  compare(first, instances, tell);
  tellTogether(machines, tell);
  const version2 = files.find(({ isVersion3 }) => !isVersion3);
  if (version2 !== undefined)
    tell(
      version2.instances[0] ?? first,
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
  tellPreempt(first, instances, preempt, tell);
  const delay = first.preemptDelay;
  const downAdverts = within(first, "down_timer_adverts", first.downAdverts ?? 3, [2, 10], tell);
  const longestDelay = 1000;
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
    downAdverts,
    preemptDelay:
      preempt && delay !== null
        ? within(first, "preempt_delay", delay / 1000, [0, longestDelay], tell) * 1000
        : null,
    remarks,
  };
}

/** One setting for all, where the files have several. */
function tellPreempt(first: Instance, instances: readonly Instance[], preempt: boolean, tell: Tell): void {
  const contrary = instances.filter((each) => each.preempt !== preempt);
  for (const each of contrary)
    tell(
      each,
      "look",
      `vrrp_instance ${each.name} has nopreempt`,
      `others have not, and all virtual IPs move together: the topology has preempt: ${preempt}`,
      "see whether a node that returns is to take them back",
    );
  if (preempt)
    for (const each of instances)
      if (each.preempt && each.preemptDelay !== first.preemptDelay)
        tell(
          each,
          "look",
          `preempt_delay ${each.preemptDelay === null ? "is not set" : each.preemptDelay / 1000}`,
          `vrrp_instance ${first.name} has ${first.preemptDelay === null ? "none" : first.preemptDelay / 1000}, and so has the topology`,
          "see that it suits",
        );
}

function within(
  place: Place,
  key: string,
  value: number,
  [from, to]: readonly [number, number],
  tell: Tell,
): number {
  const kept = Math.min(Math.max(value, from), to);
  if (kept !== value)
    tell(place, "look", `${key} ${value}`, `it is ${kept}: from ${from} to ${to}`, "see that it suits");
  return kept;
}

/** Machines that were configured apart from each other. */
function compare(first: Instance, instances: readonly Instance[], tell: Tell): void {
  for (const each of instances) {
    if ((each.downAdverts ?? 3) !== (first.downAdverts ?? 3))
      tell(
        each,
        "look",
        `down_timer_adverts ${each.downAdverts ?? 3}`,
        `all instances miss as many adverts: ${first.downAdverts ?? 3}, as in vrrp_instance ${first.name}`,
        "see that it suits",
      );
    if (each.advertInterval !== first.advertInterval)
      tell(
        each,
        "look",
        `advert_int ${each.advertInterval / 1000}`,
        `all adverts come at one interval: ${first.advertInterval / 1000} s, as in vrrp_instance ${first.name}`,
        "see that it suits",
      );
  }
}

/** Of a second machine's file only addresses and devices are taken; whatever else differs is told. */
export function compareFiles(machines: readonly Machine[], tell: Tell): void {
  const [primary, ...others] = machines.flatMap(({ keepalived }) => keepalived ?? []);
  for (const { file, instances } of others) {
    for (const each of primary?.instances ?? [])
      if (!instances.some((like) => isSame(each, like)))
        tell(
          each,
          "look",
          `vrrp_instance ${each.name}`,
          `${file} has none like it: there was one node for these virtual IPs, here each node may hold them`,
          "see that the other node stands on that network",
        );
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
}

const addresses = ({ virtualIps }: Instance): string =>
  virtualIps
    .map(({ ip }) => ip.text)
    .sort()
    .join(", ");

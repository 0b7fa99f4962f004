import { runner } from "../host/run.js";
import { ip, must } from "./command.js";
import type { Layout, MachinePlan } from "./layout-plan.js";
import { fabricOf } from "./names.js";
import { portsOn } from "./wiring.js";

/** Of what passes on a machine's link, so many percent are lost at random, in both directions alike; none with 0. */
export async function setLoss(
  { cluster }: Layout,
  machine: MachinePlan,
  network: string,
  percent: number,
): Promise<void> {
  const fabric = fabricOf(cluster);
  const tc = ["tc", "-netns", fabric];
  for (const { name } of portsOn(machine, network)) {
    await runner([])([...tc, "qdisc", "delete", "dev", name, "clsact"]); // Not there: nothing was lost.
    if (percent === 0) continue;
    await layDrain(fabric);
    await must([...tc, "qdisc", "add", "dev", name, "clsact"]);
    for (const way of ["ingress", "egress"])
      await must([
        ...[...tc, "filter", "add", "dev", name, way, "bpf", "bytecode", oneOf(percent)],
        ...["action", "mirred", "egress", "redirect", "dev", drain],
      ]);
  }
}

/** A cable to nowhere: its other end is down. Not every kernel has tc's action `drop`, or netem. */
const drain = "drain";

async function layDrain(fabric: string): Promise<void> {
  const { exitCode } = await runner([])(["ip", "-netns", fabric, "link", "show", drain]);
  if (exitCode === 0) return;
  await ip(fabric, [`link add ${drain} type veth peer name nowhere`, `link set ${drain} up`]);
}

/** tc-bpf(8), as numbers: a random word (SKF_AD_OFF + SKF_AD_RANDOM) from the upper so many percent matches, any other does not. */
export function oneOf(percent: number): string {
  const least = Math.floor(2 ** 32 * (1 - percent / 100));
  const code = [`32 0 0 ${0xfffff000 + 56}`, `53 0 1 ${least}`, `6 0 0 ${0xffffffff}`, "6 0 0 0"];
  return [String(code.length), ...code].join(",");
}

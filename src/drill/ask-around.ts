import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { Lab } from "../lab/lab.js";
import { addressProbe } from "../preflight/address-probe.js";
import { parseLinks } from "../preflight/devices.js";
import { virtualIpsOn, vrrpNetworks } from "../topology/select.js";
import { runOn } from "./fault/on-machine.js";
import { answersBeside } from "./meanwhile.js";
import type { Heard } from "./seen-owners.js";
import { clientOn } from "./vantage.js";

const program = fileURLToPath(new URL("../../programs/send-frames.pl", import.meta.url));

/** Twice, as a frame may be lost; milliseconds between. */
const times = 2;
const between = 100;

/** Milliseconds that an answer may take until the probes have told of it. */
const answerWithin = 300;

/**
 * Asks everybody on each network who has its virtual IPs, as a host does that knows nobody: sentences about those who say
 * that they do beside the owner. Who knows the owner already asks nobody, and notices none of them.
 */
export async function askAround(
  lab: Lab,
  owners: (now: number) => ReadonlyMap<string, string>,
  heard: () => readonly Heard[],
): Promise<string[]> {
  const from = Date.now();
  await Promise.all(vrrpNetworks(lab.cluster).map(({ name }) => ask(lab, name)));
  await sleep(answerWithin);
  const now = Date.now();
  const names = new Map(
    lab.machines.flatMap(({ name, macs }) => Object.values(macs).map((mac) => [mac, name] as const)),
  );
  return heard().flatMap(({ network, events }) => {
    const machine = owners(now).get(network);
    if (machine === undefined) return [];
    const owner = { machine, mac: lab.machine(machine).macs[network] ?? "" };
    const said = events.filter(({ at }) => at >= from);
    return answersBeside(said, addressesOn(lab, network), owner, names);
  });
}

async function ask(lab: Lab, network: string): Promise<void> {
  const machine = lab.machine(clientOn(network));
  const mac = machine.macs[network];
  const link = parseLinks(await runOn(machine, ["ip", "-json", "address", "show"])).find(
    (each) => each.mac === mac,
  );
  if (link === undefined) throw new Error(`${machine.name} has no device on ${network}`);
  const frames = virtualIpsOn(lab.cluster, network).flatMap(({ addresses }) =>
    addresses.flatMap(({ family, address }) => {
      const frame = addressProbe({ network, device: link.name, family, address, kind: "virtual" }, link);
      return frame === null ? [] : [`${link.index} ${frame.toString("hex")}\n`];
    }),
  );
  const { exitCode, stderr } = await machine.exec(["perl", program, String(times), String(between)], {
    stdin: frames.join(""),
  });
  if (exitCode !== 0) throw new Error(`${machine.name} could not ask who has a virtual IP: ${stderr.trim()}`);
}

const addressesOn = (lab: Lab, network: string): string[] =>
  virtualIpsOn(lab.cluster, network).flatMap(({ addresses }) => addresses.map(({ address }) => address));

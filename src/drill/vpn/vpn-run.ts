import { setTimeout as sleep } from "node:timers/promises";
import { noted } from "../run.js";
import { DrillError, type RunOptions, type Subject, UnreadyError } from "../subject.js";
import { type Echoes, startEchoes, type Target } from "./echoes.js";
import { VpnEyes } from "./eyes.js";
import { worldOf } from "./lab-world.js";
import { type Settled, settle } from "./settle.js";
import type { VpnDrill } from "./vpn-drill.js";
import { injectVpn, undoVpn } from "./vpn-inject.js";
import {
  describeVpn,
  fateOf,
  mendVpn,
  movesHome,
  resolveVpn,
  takeVpn,
  type VpnInjection,
} from "./vpn-injection.js";
import { judgeVpn, type VpnDrillResult, type VpnMeasurement } from "./vpn-measurement.js";
import type { Sight, World } from "./world.js";

/** Milliseconds. */
const readyWithin = 30_000;
const flowingWithin = 15_000;
const recoveredWithin = 60_000;
/** What is struck has had so long to notice before the first look. */
const strike = 200;
/** All is watched for so long after it is right. */
const calm = 1_000;
const lookEvery = 200;

/** Each asks all the others many times a second: more of them would measure themselves. */
const mostTargets = 5;

/** Of what is seen otherwise so many say enough. */
const mostTold = 8;

/** What is there while a drill is run. */
interface Scene {
  readonly subject: Subject;
  readonly options: RunOptions;
  readonly world: World;
  readonly eyes: VpnEyes;
  readonly begun: Map<string, number>;
}

/** Breaks what the drill says, asks from client to client, repairs it, and judges what was seen. */
export async function runVpnDrill(
  drill: VpnDrill,
  subject: Subject,
  options: RunOptions,
): Promise<VpnDrillResult> {
  const world = worldOf(subject.lab);
  const begun = new Map<string, number>();
  const eyes = new VpnEyes(subject.lab, world, begun);
  try {
    return await onStage(drill, { subject, options, world, eyes, begun });
  } finally {
    await eyes.stop();
  }
}

async function onStage(drill: VpnDrill, scene: Scene): Promise<VpnDrillResult> {
  const { subject, world, options } = scene;
  options.progress("waiting until every client reaches every other");
  const before = await atHome(scene);
  const injection = resolveVpn(drill.vpnFault, world, before.sight);
  if ("refused" in injection) throw new DrillError(`${drill.name} cannot be run: ${injection.refused}`);
  const targets = targetsOf(world);
  if (targets.length < 2)
    throw new DrillError(
      `${drill.name} cannot be run: two clients with fixed addresses are needed, under 'vpn.clients' of the topology`,
    );
  const injected = describeVpn(injection);
  return await noted({ drill: drill.name, fault: injected }, subject, options.signal, async () => {
    const { at, seen } = await breakAndMend(drill, injection, scene, targets, before.sight);
    const { expect: expected } = drill;
    return { drill: drill.name, injected, at, expected, seen, verdict: judgeVpn(seen, expected) };
  });
}

/** Whatever happens in between, the fault is undone. */
async function breakAndMend(
  drill: VpnDrill,
  injection: VpnInjection,
  scene: Scene,
  targets: readonly Target[],
  before: Sight,
): Promise<{ at: string; seen: VpnMeasurement }> {
  const { subject, options, world, begun } = scene;
  const { lab } = subject;
  options.signal.throwIfAborted();
  let echoes: Echoes | null = null;
  try {
    if (injection.kind === "heal") await cutFirst(injection, scene);
    options.progress("starting the probes");
    echoes = await startEchoes(lab, targets);
    const fates = pairsOf(targets, before).map((each) => ({
      ...each,
      fate: fateOf(injection, each.one, each.other),
    }));
    const flowing = fates.filter(({ fate }) => injection.kind !== "heal" || fate !== "struck");
    await untilFlowing(echoes, flowing, options.signal);
    await sleep(calm, undefined, { signal: options.signal });
    options.progress(describeVpn(injection));
    const [at, since] = [Date.now(), performance.now()];
    await injectVpn(injection, lab, begun);
    takeVpn(world, injection);
    await sleep(strike, undefined, { signal: options.signal });
    const settled = await settle(world, scene.eyes, {
      ...{ since, patience: drill.deadline, signal: options.signal },
    });
    const told = drill.expect.told ? await toldOf(injection, scene, since + drill.deadline) : null;
    await sleep(calm, undefined, { signal: options.signal });
    const end = Date.now();
    const running = echoes;
    const longest = (wanted: "struck" | "other"): number =>
      Math.max(
        0,
        ...fates
          .filter(({ fate }) => fate === wanted)
          .map(({ from, to }) => running.silence(from, to, at, end)),
      );
    const seen: VpnMeasurement = {
      struckSilent: longest("struck"),
      othersSilent: longest("other"),
      right: rightAfter(settled, told, since),
      ...{ wrong: settled.wrong.slice(0, mostTold), late: settled.late.slice(0, mostTold) },
      told: told?.text ?? null,
      noise: running.noise(at, end),
    };
    return { at: new Date(at).toISOString(), seen };
  } finally {
    await echoes?.stop();
    await undoVpn(injection, lab.faults);
    mendVpn(world, injection);
    options.progress("mended; waiting until every client reaches every other again");
    if (!options.signal.aborted)
      await agreement(scene, recoveredWithin, "did not recover: 'holdfast vpn status' says what is left");
  }
}

/** All agree, with each client where it began. */
async function atHome(scene: Scene): Promise<Settled> {
  const cure = "cannot take a fault: look at 'holdfast vpn status'";
  const settled = await agreement(scene, readyWithin, cure);
  const moves = movesHome(scene.world, settled.sight);
  if (moves.length === 0) return settled;
  scene.options.progress("clients go back to the servers where they began");
  await injectVpn({ kind: "roam", moves }, scene.subject.lab, scene.begun);
  return agreement(scene, readyWithin, cure);
}

/** What is to be healed has to be cut. */
async function cutFirst(injection: VpnInjection & { kind: "cut" | "heal" }, scene: Scene): Promise<void> {
  const cut = { ...injection, kind: "cut" } as const;
  scene.options.progress(describeVpn(cut));
  await injectVpn(cut, scene.subject.lab, scene.begun);
  takeVpn(scene.world, cut);
  await agreement(scene, readyWithin, "does not get by without one tunnel: look at 'holdfast vpn status'");
}

async function agreement(scene: Scene, patience: number, otherwise: string): Promise<Settled> {
  const { subject, world, eyes, options } = scene;
  const settled = await settle(world, eyes, {
    ...{ since: performance.now(), patience, signal: options.signal },
  });
  if (settled.after !== null) return settled;
  const wrong = settled.wrong.slice(0, 5).join("; ");
  throw new UnreadyError(`cluster ${subject.lab.cluster.name} ${otherwise} (${wrong})`);
}

const targetsOf = ({ clients }: World): Target[] =>
  clients
    .flatMap(({ name, fixed: [address] }) => (address === undefined ? [] : [{ client: name, address }]))
    .slice(0, mostTargets);

/** Each client with each other one, and the servers that they were on. */
const pairsOf = (targets: readonly Target[], { clients }: Sight) =>
  targets.flatMap((from) =>
    targets
      .filter((to) => to !== from)
      .map((to) => {
        const on = ({ client }: Target) => ({ client, server: clients.get(client)?.server ?? "" });
        return { from, to, one: on(from), other: on(to) };
      }),
  );

async function untilFlowing(
  echoes: Echoes,
  pairs: readonly { readonly from: Target; readonly to: Target }[],
  signal: AbortSignal,
): Promise<void> {
  const silent = () => pairs.find(({ from, to }) => echoes.isSilent(from, to, Date.now()));
  for (const end = Date.now() + flowingWithin; silent() !== undefined; ) {
    if (Date.now() > end)
      throw new UnreadyError(
        `${silent()?.to.client} did not answer before any fault: look at 'holdfast vpn status'`,
      );
    await sleep(lookEvery, undefined, { signal });
  }
}

/** Waits for another server's word. @param until by performance.now() */
async function toldOf(
  injection: VpnInjection,
  { subject, options }: Scene,
  until: number,
): Promise<{ text: string; at: number } | null> {
  const about = "server" in injection ? injection.server : "";
  while (performance.now() < until) {
    const text = (await subject.vpnTroubles()).find((trouble) => trouble.startsWith(`${about} announces`));
    if (text !== undefined) return { text, at: performance.now() };
    await sleep(lookEvery, undefined, { signal: options.signal });
  }
  return null;
}

const rightAfter = (settled: Settled, told: { readonly at: number } | null, since: number): number | null =>
  settled.after === null ? null : Math.max(settled.after, told === null ? 0 : told.at - since);

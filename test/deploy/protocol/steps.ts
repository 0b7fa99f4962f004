import type { Sight } from "../../../src/deploy/decide.js";
import { type Action, type Input, type Next, proceed } from "../../../src/deploy/decide-coordinator.js";
import {
  type Answer,
  act,
  indexOf,
  isDone,
  type ModelNode,
  nameOf,
  type Request,
  type Rules,
  serve,
  type World,
} from "./world.js";

export interface Step {
  readonly says: string;
  readonly world: World;
}

const coordinator = 0;
const pair = (one: number, other: number): number => Math.min(one, other) * 8 + Math.max(one, other);
export const talk = ({ cuts }: World, one: number, other: number): boolean =>
  one === other || !cuts.includes(pair(one, other));

const replace = <T>(list: readonly T[], index: number, item: T): T[] =>
  list.map((old, at) => (at === index ? item : old));
const without = <T>(list: readonly T[], index: number): T[] => list.filter((_item, at) => at !== index);

/** Puts what the coordinator asks for on the wire. */
export function obey(world: World, { state, actions }: Next): World {
  const requests: Request[] = actions.flatMap((action) => requestsOf(action));
  for (const action of actions) check(world, action);
  const ended = actions.some(({ kind }) => kind === "end");
  return { ...world, driver: ended ? null : state, requests: [...world.requests, ...requests] };
}

function requestsOf(action: Action): Request[] {
  if (action.kind === "end") return [];
  if (action.kind === "decide") return [{ to: coordinator, late: false, kind: action.decision }];
  return action.nodes.map((name): Request => {
    const to = indexOf(name);
    if (action.kind === "hear") return { to, late: false, kind: "hear", words: action.words };
    if (action.kind === "gate") return { to, late: false, kind: action.last ? "last-gate" : "gate" };
    return { to, late: false, kind: action.kind };
  });
}

/** Nothing is committed before all are prepared, and the active node (the first of the names) last. */
function check(world: World, action: Action): void {
  if (action.kind !== "commit") return;
  if (world.nodes.some(({ phase }) => phase === "none")) throw new Error("a commit before all were prepared");
  const others = world.nodes.filter((_node, index) => index !== coordinator);
  if (action.nodes.includes(nameOf(coordinator)) && others.some(({ phase }) => phase === "prepared"))
    throw new Error("the active node is committed before another one");
}

const inputOf = ({ from, is }: Answer): Input => {
  const node = nameOf(from);
  if (is === "done") return { kind: "done", node };
  if (is === "failed") return { kind: "failed", node, why: "it failed" };
  return { kind: "said", node, phase: is === "none" ? null : is };
};

/** The coordinator takes an answer. */
export function take(world: World, answer: Answer): World {
  return world.driver === null ? world : obey(world, proceed(world.driver, inputOf(answer)));
}

/** Everything that can happen next. */
export function* stepsFrom(world: World, rules: Rules): Generator<Step> {
  const { nodes, driver, requests, answers, faults } = world;
  for (const [at, answer] of answers.entries())
    if (talk(world, coordinator, answer.from))
      yield {
        says: `the coordinator hears ${nameOf(answer.from)}: ${answer.is}`,
        world: take({ ...world, answers: without(answers, at) }, answer),
      };
  for (const [at, request] of requests.entries()) yield* fateOf(world, rules, at, request);
  for (const [index, node] of nodes.entries()) {
    if (!isDone(node) && !(index === coordinator && driver !== null))
      yield* asking(world, rules, index, node);
    if (node.trial === "runs" && !isDone(node))
      yield {
        says: `time is over at ${nameOf(index)}`,
        world: setNode(world, index, { ...node, trial: "over" }),
      };
    if (node.phase === "trial" && world.operator > 0) yield* operatorAt(world, rules, index, node);
    if (faults > 0)
      yield { says: `the agent of ${nameOf(index)} dies and starts again`, world: dies(world, index) };
  }
  if (faults > 0)
    for (let one = 0; one < nodes.length; one++)
      for (let other = one + 1; other < nodes.length; other++)
        if (talk(world, one, other))
          yield {
            says: `${nameOf(one)} and ${nameOf(other)} are parted`,
            world: { ...world, faults: faults - 1, cuts: [...world.cuts, pair(one, other)] },
          };
  for (const [at, cut] of world.cuts.entries())
    yield {
      says: `${nameOf(cut >> 3)} and ${nameOf(cut & 7)} can talk again`,
      world: { ...world, cuts: without(world.cuts, at) },
    };
}

const setNode = (world: World, index: number, node: ModelNode): World => ({
  ...world,
  nodes: replace(world.nodes, index, node),
});

function* fateOf(world: World, rules: Rules, at: number, request: Request): Generator<Step> {
  const { nodes, requests, faults } = world;
  const { to, kind, late } = request;
  const node = nodes[to];
  if (node === undefined) return;
  const rest = { ...world, requests: without(requests, at) };
  const served = (refuses: boolean, after: World): World => {
    const { node: next, answer } = serve(
      node,
      request,
      to === coordinator && world.driver !== null,
      rules,
      refuses,
    );
    const done = setNode(after, to, next);
    return late ? done : { ...done, answers: [...done.answers, answer] };
  };
  if (late || talk(world, coordinator, to))
    yield { says: `${nameOf(to)} is asked: ${kind}${late ? " (late)" : ""}`, world: served(false, rest) };
  if (late) {
    yield { says: `${kind} to ${nameOf(to)} is lost`, world: rest };
    return;
  }
  const parted = !talk(world, coordinator, to);
  if (parted) {
    const failed = { from: to, is: "failed" as const };
    yield {
      says: `${kind} to ${nameOf(to)} times out`,
      world: take({ ...rest, requests: [...rest.requests, { ...request, late: true }] }, failed),
    };
  }
  const canRefuse = kind === "prepare" || kind === "commit" || kind === "gate" || kind === "last-gate";
  if (faults > 0 && canRefuse && !parted)
    yield { says: `${nameOf(to)} refuses: ${kind}`, world: served(true, { ...rest, faults: faults - 1 }) };
}

/** Asks one peer after the other; acts once all were asked: what it was told first may be old by then. */
function* asking(world: World, rules: Rules, index: number, node: ModelNode): Generator<Step> {
  const others = world.nodes.map((_node, at) => at).filter((at) => at !== index);
  const next = others[node.seen.length];
  const peer = next === undefined ? undefined : world.nodes[next];
  if (next !== undefined && peer !== undefined) {
    const sight: Sight = !talk(world, index, next)
      ? "silent"
      : peer.phase === "none"
        ? "nothing"
        : peer.phase;
    yield {
      says: `${nameOf(index)} asks ${nameOf(next)}: ${sight}`,
      world: setNode(world, index, { ...node, seen: [...node.seen, sight] }),
    };
    return;
  }
  const seen = new Map(others.map((at, place) => [nameOf(at), node.seen[place] ?? "silent"]));
  const acted = act(node, index, seen, false, rules);
  yield { says: `${nameOf(index)} acts: ${acted.phase}`, world: setNode(world, index, acted) };
}

function* operatorAt(world: World, rules: Rules, index: number, node: ModelNode): Generator<Step> {
  for (const decision of ["keep", "abort"] as const) {
    const next = act(node, index, new Map(), index === coordinator && world.driver !== null, rules, decision);
    yield {
      says: `the operator tells ${nameOf(index)}: ${decision}`,
      world: {
        ...setNode(world, index, next),
        operator: world.operator - 1,
        confirmed: world.confirmed || decision === "keep",
      },
    };
  }
}

/** Memory is gone, the disk stays; what is on the wire may still arrive. */
function dies(world: World, index: number): World {
  const node = world.nodes[index];
  if (node === undefined) return world;
  const dead = { ...world, faults: world.faults - 1 };
  const phase = node.phase === "prepared" ? "aborted" : node.phase;
  const started = setNode(dead, index, { ...node, phase, seen: [] });
  if (index === coordinator)
    return {
      ...started,
      driver: null,
      answers: [],
      requests: started.requests.map((request) => ({ ...request, late: true })),
    };
  const lost = started.requests.filter((request) => request.to === index && !request.late);
  const left = {
    ...started,
    requests: started.requests.map((request) =>
      request.to === index ? { ...request, late: true } : request,
    ),
  };
  return lost.reduce<World>((after, request) => take(after, { from: request.to, is: "failed" }), left);
}

/** The group talks undisturbed until nothing changes any more; nobody else is heard. */
export function rest(world: World, rules: Rules, group: readonly number[], timeIsOver: boolean): World {
  let now: World = {
    ...world,
    requests: world.requests.filter(({ late }) => !late),
    faults: 0,
    operator: 0,
    cuts: [],
  };
  if (!group.includes(coordinator)) now = { ...now, driver: null, requests: [], answers: [] };
  for (let turn = 0; now.driver !== null; turn++) {
    if (turn > 200) throw new Error("the coordinator does not come to an end");
    const [answer, ...answers] = now.answers;
    const [request, ...requests] = now.requests;
    if (answer !== undefined) now = take({ ...now, answers }, answer);
    else if (request !== undefined) now = answered({ ...now, requests }, rules, request, group);
    else throw new Error("the coordinator waits for nothing");
  }
  if (timeIsOver)
    now = {
      ...now,
      nodes: now.nodes.map((node) => (node.trial === "runs" ? { ...node, trial: "over" } : node)),
    };
  for (let round = 0; round < 12; round++) {
    const before = JSON.stringify(now.nodes);
    for (const index of group) {
      const node = now.nodes[index];
      if (node === undefined || node.phase === "none") continue;
      const others = now.nodes.flatMap((peer, at) =>
        at === index ? [] : [[nameOf(at), sightOf(peer, group.includes(at))] as const],
      );
      now = setNode(now, index, act(node, index, new Map(others), false, rules));
    }
    if (JSON.stringify(now.nodes) === before) return now;
  }
  throw new Error("the nodes do not come to rest");
}

const sightOf = ({ phase }: ModelNode, reached: boolean): Sight =>
  !reached ? "silent" : phase === "none" ? "nothing" : phase;

function answered(world: World, rules: Rules, request: Request, group: readonly number[]): World {
  const node = world.nodes[request.to];
  if (node === undefined || !group.includes(request.to))
    return take(world, { from: request.to, is: "failed" });
  const { node: next, answer } = serve(node, request, request.to === coordinator, rules, false);
  return take(setNode(world, request.to, next), answer);
}

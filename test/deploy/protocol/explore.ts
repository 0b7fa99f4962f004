import { type Row, table } from "../../../src/deploy/decide.js";
import { begin } from "../../../src/deploy/decide-coordinator.js";
import { votesToAbort } from "../../../src/deploy/decide-votes.js";
import { vote } from "../../../src/fleet/vote.js";
import { obey, rest, stepsFrom } from "./steps.js";
import { isDone, names, proposalOf, type Rules, runsNew, type World } from "./world.js";

export interface Bounds {
  readonly nodes: number;
  readonly trial: boolean;
  /** Deaths, partings and refusals. */
  readonly faults: number;
  /** Words of operators during a trial. */
  readonly operator: number;
  /** Begins where all nodes have passed the last gate and the coordinator votes: what comes before takes most states. */
  readonly fromVote?: boolean;
  readonly rows?: readonly Row[];
  /** Worlds after which the search ends; none by default. */
  readonly most?: number;
}

export interface Explored {
  readonly states: number;
  /** How many times nodes were brought to rest. */
  readonly rests: number;
  /** The steps to a world that breaks a promise, and which. */
  readonly broken: { readonly why: string; readonly steps: readonly string[] } | null;
}

/** Every world that can be reached, breadth first, each checked. */
export function explore({
  nodes,
  trial,
  faults,
  operator,
  fromVote = false,
  rows = table,
  most = Number.POSITIVE_INFINITY,
}: Bounds): Explored {
  const rules: Rules = { proposal: proposalOf(nodes, trial ? 1000 : null), rows };
  const order = names.slice(0, nodes).reverse();
  const empty: World = {
    nodes: order.map(() => ({ phase: fromVote ? "ready" : "none", trial: "none", seen: [] })),
    driver: null,
    requests: [],
    answers: [],
    cuts: [],
    faults,
    operator,
    confirmed: false,
  };
  const worlds: World[] = [
    obey(empty, fromVote ? vote(rules.proposal, "a", "keep") : begin(rules.proposal, order)),
  ];
  const came: { from: number; says: string }[] = [{ from: -1, says: "the change is proposed" }];
  const known = new Set(worlds.map(keyOf));
  const rested = new Set<string>();
  const trail = (at: number): string[] => {
    const step = came[at];
    return step === undefined ? [] : [...trail(step.from), step.says];
  };
  let at = 0;
  try {
    for (; at < worlds.length && at < most; at++) {
      const world = worlds[at];
      if (world === undefined) break;
      checkNow(world, rules);
      checkAtRest(world, rules, rested);
      for (const step of stepsFrom(world, rules)) {
        const key = keyOf(step.world);
        if (known.has(key)) continue;
        known.add(key);
        worlds.push(step.world);
        came.push({ from: at, says: step.says });
      }
    }
  } catch (error) {
    return { states: at, rests: rested.size, broken: { why: String(error), steps: trail(at) } };
  }
  return { states: at, rests: rested.size, broken: null };
}

const keyOf = ({ nodes, driver, requests, answers, cuts, faults, operator, confirmed }: World): string =>
  JSON.stringify([
    nodes.map(({ phase, trial, seen }) => [phase, trial, seen]),
    driverKey(driver),
    requests.map((request) => JSON.stringify(request)).sort(),
    answers.map(({ from, is }) => `${from}${is}`).sort(),
    [...cuts].sort(),
    faults,
    operator,
    confirmed,
  ]);

const driverKey = (driver: World["driver"]) =>
  driver && [
    driver.stage,
    [...driver.waiting].sort(),
    driver.committed,
    driver.failures.length > 0,
    [...driver.words].sort((a, b) => (a.node < b.node ? -1 : 1)),
    driver.told,
  ];

/** Without a trial nobody can have kept what another node went back from, not even for a moment. */
function checkNow({ nodes }: World, { proposal }: Rules): void {
  if (proposal.confirmTimeout !== null) return;
  if (nodes.some(({ phase }) => phase === "kept") && nodes.some(({ phase }) => phase === "aborted"))
    throw new Error("one node kept what another one went back from");
}

/** Whatever group of nodes can talk comes to rest on one generation; all together come to an end. */
function checkAtRest(world: World, rules: Rules, rested: Set<string>): void {
  const { nodes, driver, requests, answers, confirmed } = world;
  const open = requests.filter(({ late }) => !late);
  const key = JSON.stringify([
    nodes.map(({ phase, trial }) => [phase, trial]),
    driverKey(driver),
    open,
    answers,
    confirmed,
  ]);
  if (rested.has(key)) return;
  rested.add(key);
  for (let members = 1; members < 1 << nodes.length; members++) {
    const group = nodes.map((_node, index) => index).filter((index) => members & (1 << index));
    for (const timeIsOver of rules.proposal.confirmTimeout === null ? [false] : [false, true]) {
      const end = rest(world, rules, group, timeIsOver);
      // Also of those who cannot talk: a group may not decide what others have decided otherwise.
      checkNow(end, rules);
      checkGroup(end, rules, group, timeIsOver, confirmed);
    }
  }
}

function checkGroup(
  { nodes }: World,
  { proposal }: Rules,
  group: readonly number[],
  timeIsOver: boolean,
  confirmed: boolean,
): void {
  const members = nodes.filter((_node, index) => group.includes(index));
  const said = `${members.map(({ phase }) => phase).join(", ")}${timeIsOver ? " when time is over" : ""}`;
  if (new Set(members.map(runsNew)).size > 1)
    throw new Error(`nodes that can talk run two generations: ${said}`);
  const settled = members.some(isDone);
  if (settled && !members.every(isDone)) throw new Error(`some are in doubt although others know: ${said}`);
  const canSettle =
    members.length >= votesToAbort(nodes.length) && !members.some(({ phase }) => phase === "deciding");
  if (proposal.confirmTimeout === null && canSettle && !members.every(isDone))
    throw new Error(`enough can talk to go back, and are in doubt: ${said}`);
  if (members.length < nodes.length) return;
  const mayRun =
    proposal.confirmTimeout !== null && !timeIsOver && members.every(({ phase }) => phase === "trial");
  if (!mayRun && !members.every(isDone)) throw new Error(`all can talk, and some are stuck: ${said}`);
  const onTrial = proposal.confirmTimeout !== null && timeIsOver && !confirmed;
  if (onTrial && members.some(runsNew)) throw new Error(`nobody confirmed, and it runs: ${said}`);
}

import type { Alarm } from "../drill.js";
import { changesText, changesWords, isWithin, missing, movedAlike, standstillAtMost } from "../judge.js";
import { isTold, type LiveDrillResult } from "../live/live-measurement.js";
import { addressOutage } from "../measurement.js";
import type { AnyResult, DrillResult } from "../report.js";
import { isLive, isOfVpn } from "../report.js";
import type { VpnDrillResult } from "../vpn/vpn-measurement.js";
import { wayBackTroubles } from "../way-back.js";
import { after, ms, times } from "./words.js";

/** What was expected in one respect, what was seen, and whether that was met: judge.ts asks the same. */
export interface ExpectationRow {
  readonly what: string;
  readonly expected: string;
  readonly seen: string;
  readonly met: boolean;
  readonly missed: boolean;
}

export const expectationRows = (result: AnyResult): ExpectationRow[] =>
  isLive(result) ? liveRows(result) : isOfVpn(result) ? vpnRows(result) : nodeRows(result);

const row = (what: string, expected: string, seen: string, met: boolean): ExpectationRow => ({
  ...{ what, expected, seen, met, missed: !met },
});

/** What the machine itself missed is no fault of the cluster, and is told where it was needed. */
function atMost(what: string, value: number, limit: number, noise: number): ExpectationRow {
  const helped = value > limit && value <= limit + noise;
  const most = `at most ${ms(limit)}${helped ? ` + ${ms(noise)} of the machine\u2019s own` : ""}`;
  return row(what, most, ms(value), value <= limit + noise);
}

function nodeRows({ seen, expected, timeline }: DrillResult): ExpectationRow[] {
  const { sessions, owners, neighbours, noise, recovery } = seen;
  const back = expected.recovery;
  const ended = expected.sessionsLostAtMost;
  const within = expected.sessionsBackWithin;
  const own = sessions.lost === 0 ? 0 : sessions.backAfter;
  return [
    atMost("longest silence of a virtual IP", addressOutage(seen), expected.addressOutageAtMost, noise),
    ...(seen.serviceOutage === null
      ? []
      : [atMost("no new session greeted for", seen.serviceOutage, expected.serviceOutageAtMost, noise)]),
    row(
      "virtual IPs change hands",
      typeof expected.ownerChanges === "number"
        ? times(expected.ownerChanges, "time")
        : `${changesText(expected.ownerChanges)} times`,
      times(owners.changes, "time"),
      isWithin(owners.changes, expected.ownerChanges),
    ),
    row(
      "all networks move alike",
      "yes",
      changesWords(owners.byNetwork),
      movedAlike(owners.byNetwork, expected.ownerChanges),
    ),
    atMost("two owners of one network for", owners.twoOwners, expected.twoOwnersAtMost, noise),
    row(
      "sessions that end and come back",
      ended === null ? "all may" : `at most ${ended}`,
      `${sessions.lost} of ${sessions.held}`,
      ended === null || sessions.lost <= ended,
    ),
    own === null
      ? row("the last session is back", `within ${ms(within)}`, "never", false)
      : {
          ...atMost("the last session is back", sessions.backAfter ?? own, within, noise),
          ...(sessions.lost === 0 ? { seen: "none had ended" } : {}),
        },
    ...(sessions.lost === 0
      ? [
          atMost(
            "sessions that go on stand still for",
            sessions.longestSilence,
            standstillAtMost(expected),
            noise,
          ),
        ]
      : []),
    row(
      "messages of sessions that are answered twice",
      "none",
      String(sessions.messagesDuplicated),
      sessions.messagesDuplicated === 0,
    ),
    row(
      "ARP and neighbour entries of a wrong node",
      "none",
      `${neighbours.misled.length} of ${neighbours.entries}`,
      neighbours.misled.length === 0,
    ),
    row(
      "packets of the service from an address that the switches do not know",
      "none",
      String(seen.strangers),
      seen.strangers === 0,
    ),
    row("the switches are served again", "before the deadline", seen.settled ? "yes" : "no", seen.settled),
    ...expected.told.map((alarm) => alarmRow(alarm, timeline)),
    ...nothing("a second answer, or a second generation, while it is broken", seen.meanwhile),
    row(
      "on the way back, a virtual IP and the service are silent, and move",
      `at most ${ms(back.addressOutageAtMost)}, ${ms(back.serviceOutageAtMost)}, ${times(back.movesAtMost, "time")}`,
      `${ms(recovery.addressOutage)}, ${ms(recovery.serviceOutage)}, ${times(recovery.moves, "time")}`,
      wayBackTroubles(recovery, back).length === 0,
    ),
    ...nothing("left behind", seen.left),
  ];
}

/** Of what is not to be: each sentence that somebody found, or that there is none. */
const nothing = (what: string, found: readonly string[]): ExpectationRow[] =>
  found.length === 0
    ? [row(what, "nothing", "nothing", true)]
    : found.map((each) => row(what, "nothing", each, false));

function liveRows({ seen, expected, events }: LiveDrillResult): ExpectationRow[] {
  const { readings, moves, active, twoOwners } = seen;
  return [
    ...readings.map(({ what, value, atMost: most, noise }) => atMost(what, value, most, noise)),
    row(
      "virtual IPs change hands, there and back",
      times(expected.moves, "time"),
      times(moves, "time"),
      moves === expected.moves,
    ),
    row("active at the end", active.before, active.after, active.after === active.before),
    ...nothing("two owners, in the agents\u2019 words", twoOwners),
    ...expected.told.map((alarm) => {
      const told = isTold(events, alarm);
      return row(
        "an agent tells of it",
        `${alarm.kind}: \u201c${alarm.says}\u201d`,
        told ? "yes" : "nothing",
        told,
      );
    }),
  ];
}

/** When the first event came that tells of it. */
function alarmRow(alarm: Alarm, { events }: DrillResult["timeline"]): ExpectationRow {
  const first = events.find((event) => missing([event], [alarm]).length === 0);
  return row(
    "an agent tells of it",
    `${alarm.kind}: \u201c${alarm.says}\u201d`,
    first === undefined ? "nothing" : after(first.at),
    first !== undefined,
  );
}

function vpnRows({ seen, expected }: VpnDrillResult): ExpectationRow[] {
  const { noise, right } = seen;
  return [
    atMost("clients that were struck are silent for", seen.struckSilent, expected.struckSilentAtMost, noise),
    atMost("other clients are silent for", seen.othersSilent, expected.othersSilentAtMost, noise),
    right === null
      ? row("all is right again", `within ${ms(expected.rightWithin)}`, "never", false)
      : atMost("all is right again after", right, expected.rightWithin, noise),
    ...(expected.told
      ? [row("an agent says whose fault it is", "yes", seen.told ?? "no", seen.told !== null)]
      : []),
  ];
}

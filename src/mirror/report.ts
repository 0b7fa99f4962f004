import { typeName } from "./openflow/message-type.js";
import { isWireVersion, versionNames } from "./openflow/version.js";
import type { SwitchMemory } from "./session/switch-memory.js";
import { Counters } from "./switch/counters.js";
import type { LinkState } from "./switch/linked-switch.js";

/** What was counted on one connection, since it was first seen here. */
export interface ConnectionReport {
  readonly messages: number;
  readonly dropped: number;
  readonly lostBytes: number;
}

/**
 * Silent: nothing came of it for so long that it has no session until it speaks again. Displaced: another connection of
 * the same switch has its session. Further: its words are in the session of the switch's main one.
 */
export type ReportedState = LinkState | "silent" | "displaced" | "further";

/** Whether it is one of the switches that speak to the service now, and not one of them twice. */
export const isPresent = ({ state }: Pick<SwitchReport, "state">): boolean =>
  state !== "silent" && state !== "displaced" && state !== "further";

/** One switch, as far as its mirror tells; counts are over all its connections since the mirror started. */
export interface SwitchReport {
  /** 16 hexadecimal digits; null while it has not told its own controller. */
  readonly datapath: string | null;
  /** OpenFlow's number of a further connection of the same switch; 0 is the main one. */
  readonly auxiliary: number;
  /** `1.3`; null while it is not known. */
  readonly version: string | null;
  /** Its end of the connection, as `ADDRESS PORT`. */
  readonly client: string;
  readonly state: ReportedState;
  /** Its connection was there before anybody listened: who it is nobody can tell. */
  readonly met: boolean;
  /** Why the master controller is apart; empty where it is not. */
  readonly why: string;
  readonly messages: number;
  readonly bytes: number;
  /** Messages by OpenFlow's name of the type. */
  readonly types: Readonly<Record<string, number>>;
  readonly queued: { readonly messages: number; readonly bytes: number };
  /** Milliseconds: the age of the oldest message that waits. */
  readonly lag: number;
  readonly delivered: number;
  readonly dropped: number;
  readonly resyncs: number;
  /** Bytes that belong to no message that was seen. */
  readonly lostBytes: number;
  readonly writes: number;
  readonly parted: number;
  /** It goes on from what another node saw of it. */
  readonly inherited: boolean;
  readonly connection: ConnectionReport;
}

export interface MirrorReport {
  readonly service: string;
  /** Why nothing is captured, in one clause; null while all is well. */
  readonly trouble: string | null;
  /** Connections that were one too many to be copied. */
  readonly refused: number;
  readonly switches: readonly SwitchReport[];
  /** Of all connections since the mirror began, those that ended, too. */
  readonly totals: Totals;
  /** Of all sessions since the service is served, those that ended, too; left out where the copy is beside the path. */
  readonly exchange?: ExchangeCounts;
  /** Left out where none is written. */
  readonly audit?: AuditReport;
}

/** How it stands with the file of what controllers wrote. */
export interface AuditReport {
  /** Messages that are missing in it. */
  readonly dropped: number;
  /** Why nothing is written, in the system's words; null while all is well. */
  readonly trouble: string | null;
}

/** What happened to questions and answers on sessions that a master controller shares. */
export interface ExchangeCounts {
  /** Answers to nothing that was open, which nobody got. */
  readonly unmatched: number;
  /** Requests of the master controller's that the switch did not hear: it did not read what it had asked for. */
  readonly shed: number;
  /** Requests that were answered too late, or never. */
  readonly expired: number;
}

/** Of a service that nobody tells of, and why. */
export const withoutWord = (service: string, trouble: string): MirrorReport => ({
  ...{ service, trouble, refused: 0, switches: [] },
  totals: { messages: 0, dropped: 0, resyncs: 0, lostBytes: 0 },
});

export interface Totals extends ConnectionReport {
  readonly resyncs: number;
}

/** What is told of a switch, whether its messages are captured or pass through. */
export interface ReportedSwitch extends Pick<SwitchReport, "state" | "met" | "why"> {
  readonly memory: SwitchMemory;
  readonly counters: Counters;
  /** `age` of the oldest in milliseconds. */
  readonly queued: { readonly messages: number; readonly bytes: number; readonly age: number };
  readonly inherited: boolean;
}

export function switchReport(
  client: string,
  { memory: { identity }, counters, state, why, queued, inherited, met }: ReportedSwitch,
  past: Counters | undefined,
): SwitchReport {
  const version = identity?.version ?? 0;
  const sum = new Counters();
  sum.add(counters);
  if (past !== undefined) sum.add(past);
  const { messages, bytes, delivered, dropped, resyncs, lostBytes, writes, parted } = sum;
  return {
    datapath: identity?.datapath ?? null,
    auxiliary: identity?.auxiliary ?? 0,
    version: isWireVersion(version) ? versionNames[version] : null,
    client,
    ...{
      state,
      met,
      why,
      messages,
      bytes,
      delivered,
      dropped,
      resyncs,
      lostBytes,
      writes,
      parted,
      inherited,
    },
    queued: { messages: queued.messages, bytes: queued.bytes },
    connection: connectionReport(counters),
    lag: queued.age,
    types: Object.fromEntries(
      [...sum.types.entries()].flatMap(([type, count]) =>
        count > 0 ? [[typeName(version, type), count]] : [],
      ),
    ),
  };
}

export const totalsOf = ({ messages, dropped, resyncs, lostBytes }: Counters): Totals => ({
  ...{ messages, dropped, resyncs, lostBytes },
});

const connectionReport = ({ messages, dropped, lostBytes }: Counters): ConnectionReport => ({
  messages,
  dropped,
  lostBytes,
});

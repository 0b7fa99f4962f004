import type { Kind } from "../openflow/request-kind.js";
import { type Controller, unanswered, type XidTable } from "./xid-table.js";

/** Requests of the pool's controller that may be open at once: it is not read further. */
const mostOfPool = 65_536;

/** Of the master controller's: questions that may wait for the switch, and what only failing answers. */
const mostOfMaster = { questions: 256, unanswered: 4_096 };

/** Requests that only a barrier closes: behind so many of a controller's goes one of the multiplexer's own. */
export const barrierAfter: Readonly<Record<Controller, number>> = { pool: 16_384, master: 1_024 };

/** The switch has to answer before the pool's controller asks more of it. */
export const isFull = (table: XidTable): boolean => table.of("pool").open >= mostOfPool;

/** It has to before more is heard of the master controller. */
export function isMasterFull(table: XidTable): boolean {
  const { changes, questions } = ofMaster(table);
  return changes >= mostOfMaster.unanswered || questions >= mostOfMaster.questions;
}

/** Whether one more request of the master controller's, which was to be heard later, is shed. */
export function isTooMuch(table: XidTable, kind: Kind): boolean {
  const { changes, questions } = ofMaster(table);
  return unanswered(kind) ? changes >= mostOfMaster.unanswered : questions >= mostOfMaster.questions;
}

function ofMaster(table: XidTable): { changes: number; questions: number } {
  const { open, unanswered: changes } = table.of("master");
  return { changes, questions: open - changes };
}

export const needsBarrier = (table: XidTable, who: Controller): boolean =>
  table.of(who).unanswered >= barrierAfter[who];

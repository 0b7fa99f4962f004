import type { Command } from "commander";
import { registerAgent } from "./agent.js";
import { registerApply } from "./apply.js";
import { registerCalibrate } from "./calibrate.js";
import { registerCompletion } from "./completion.js";
import { registerConfirm } from "./confirm.js";
import { registerDashboard } from "./dashboard.js";
import { registerDemo } from "./demo.js";
import { registerDrill } from "./drill.js";
import { registerEvents } from "./events.js";
import { registerHistory } from "./history.js";
import { registerImport } from "./import.js";
import { registerInit } from "./init.js";
import { registerLab } from "./lab.js";
import { registerMaintenance } from "./maintenance.js";
import { registerManual } from "./manual.js";
import { registerMultiplexer } from "./multiplexer.js";
import { registerNeighbours } from "./neighbours.js";
import { registerPki } from "./pki.js";
import { registerPlan } from "./plan.js";
import { registerPreflight } from "./preflight.js";
import { registerRemove } from "./remove.js";
import { registerRender } from "./render.js";
import { registerRollback } from "./rollback.js";
import { registerSchema } from "./schema.js";
import { registerStatus } from "./status.js";
import { registerSwitchover } from "./switchover.js";
import { registerValidate } from "./validate.js";
import { registerVpn } from "./vpn.js";

type Register = (program: Command) => void;

/** Every command of holdfast, in the order of `holdfast --help`. */
const commands: readonly Register[] = [
  registerInit,
  registerImport,
  registerValidate,
  registerNeighbours,
  registerSchema,
  registerCompletion,
  registerManual,
  registerRender,
  registerPki,
  registerPreflight,
  registerPlan,
  registerApply,
  registerConfirm,
  registerRollback,
  registerHistory,
  registerStatus,
  registerEvents,
  registerDashboard,
  registerSwitchover,
  registerMaintenance,
  registerCalibrate,
  registerAgent,
  registerMultiplexer,
  registerRemove,
  registerVpn,
  registerLab,
  registerDrill,
  registerDemo,
];

export function registerCommands(program: Command): void {
  for (const register of commands) register(program);
}

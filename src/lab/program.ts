import { fileURLToPath } from "node:url";

const file = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));

/** The program's own files that a machine of the lab runs; a machine sees them at the same path. */
export const program = {
  root: file("").replace(/\/$/, ""),
  machine: file("lab/machine.sh"),
  learningSwitch: file("lab/learning_switch.py"),
  masterController: file("lab/master_controller.py"),
  responder: file("lab/responder.py"),
  advertiser: file("lab/advertiser.py"),
  connect: file("lab/connect.py"),
  manySessions: file("lab/many_sessions.py"),
  silentSessions: file("lab/silent_sessions.py"),
  pingMatrix: file("lab/ping_matrix.py"),
  /** Always the built program: a lab runs what a real node would. */
  supervisor: file("dist/lab/supervisor.js"),
  openflowLoad: file("dist/lab/openflow-load/generator.js"),
  openflowResponder: file("dist/lab/openflow-load/responder.js"),
  openflowRecorder: file("dist/lab/openflow-load/recorder.js"),
  main: file("dist/cli/main.js"),
} as const;

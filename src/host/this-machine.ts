import { hostname } from "node:os";
import type { Host } from "./host.js";
import { openHost } from "./machine.js";
import { runner } from "./run.js";
import { systemd } from "./systemd.js";

/** The machine that this process runs on, its services under systemd. */
export const thisMachine = (): Host =>
  openHost({ name: hostname(), root: "/", enter: [], services: systemd(runner([])) });

import { hostname } from "node:os";
import { ask } from "../host/ask.js";
import type { Host } from "../host/host.js";
import { openHost } from "../host/machine.js";
import { supervised } from "./control.js";

/** The machine of the lab that this process runs on, its services under the lab's supervisor. */
export const ownMachine = (): Host =>
  openHost({ name: hostname(), root: "/", enter: [], services: supervised(ask) });

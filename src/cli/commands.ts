import type { Command } from "commander";
import { registerRender } from "./render.js";

type Register = (program: Command) => void;

/** Every command of holdfast, in the order of `holdfast --help`. */
const commands: readonly Register[] = [registerRender];

export function registerCommands(program: Command): void {
  for (const register of commands) register(program);
}

import { Command } from "commander";
import { vi } from "vitest";
import { UserError } from "../../src/cli/context.js";

export interface Ran {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
}

/** Runs one command in this process, as main.ts would, and returns what it wrote. */
export async function run(register: (program: Command) => void, ...argv: string[]): Promise<Ran> {
  const written = { stdout: "", stderr: "" };
  const keep = (stream: "stdout" | "stderr") =>
    vi.spyOn(process[stream], "write").mockImplementation((chunk) => {
      written[stream] += String(chunk);
      return true;
    });
  const spies = [keep("stdout"), keep("stderr")];
  const exitCodeBefore = process.exitCode;
  process.exitCode = undefined;
  try {
    const program = new Command("holdfast").exitOverride();
    register(program);
    await program.parseAsync(["node", "holdfast", ...argv]);
    return { ...written, exitCode: Number(process.exitCode ?? 0) };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return {
      stdout: written.stdout,
      stderr: `${written.stderr}holdfast: ${error.message}\n`,
      exitCode: error.exitCode,
    };
  } finally {
    process.exitCode = exitCodeBefore;
    for (const spy of spies) spy.mockRestore();
  }
}

export const examplePath = (name: string): string =>
  new URL(`../../examples/${name}.yaml`, import.meta.url).pathname;

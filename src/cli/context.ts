/** What a command returns to the shell (the table in the README). */
export const exit = { ok: 0, error: 1, changes: 2, degraded: 3, expectationFailed: 4 } as const;

/** An error whose message is all the user needs; its cure is part of the message. Shown without a stack. */
export class UserError extends Error {
  constructor(
    message: string,
    readonly exitCode: number = exit.error,
  ) {
    super(message);
  }
}

/** Options that every command takes. */
export interface GlobalOptions {
  readonly json?: boolean;
  readonly debug?: boolean;
}

/** Options of every command that concerns a cluster. */
export interface ClusterOptions extends GlobalOptions {
  readonly file?: string;
  readonly lab?: boolean;
}

/** Prints a versioned document on stdout: `{"schema": "holdfast/<name>/v1", ...}`. */
export function printJson(name: string, document: Record<string, unknown>): void {
  process.stdout.write(`${JSON.stringify({ schema: `holdfast/${name}/v1`, ...document }, null, 2)}\n`);
}

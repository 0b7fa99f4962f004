/** When, and by which command, drills are run without anybody at a keyboard. */
export interface Schedule {
  readonly cluster: string;
  readonly drills: readonly string[];
  /** systemd.time(7), CALENDAR EVENTS. */
  readonly on: string;
  readonly argv: readonly string[];
}

/** A word that no unit file can have: there is no way to write it on one line. */
export class UnwritableError extends Error {}

/** What a calendar event may be made of (systemd.time(7)); nothing in it begins another line or a specifier. */
const calendar = /^[A-Za-z0-9 *,.:/~_+-]{1,100}$/;

/** A timer of systemd's and the service that it starts, by their files' names. */
export function scheduleUnits({ cluster, drills, on, argv }: Schedule): Readonly<Record<string, string>> {
  if (!calendar.test(on))
    throw new UnwritableError(`${JSON.stringify(on)} is no calendar event (systemd.time(7))`);
  const name = `holdfast-drills-${cluster}`;
  return {
    [`${name}.service`]: `# Made by 'holdfast drill schedule'.
[Unit]
Description=holdfast: drills of ${cluster} (${drills.join(", ")})
Documentation=man:holdfast-drill-run(1)

[Service]
Type=oneshot
# An expectation that was not met fails the service: 'systemctl --failed' and OnFailure= know of it.
ExecStart=:${argv.map(quoted).join(" ")}
# Who stops it half way waits until the same node is active as before.
TimeoutStopSec=3min
`,
    [`${name}.timer`]: `# Made by 'holdfast drill schedule'.
[Unit]
Description=holdfast: when drills of ${cluster} are run
Documentation=man:holdfast-drill-schedule(1)

[Timer]
OnCalendar=${on}
AccuracySec=1s
# A machine that was off then runs nothing later, at an hour that nobody chose.
Persistent=false

[Install]
WantedBy=timers.target
`,
  };
}

/**
 * A word of ExecStart= (systemd.service(5), COMMAND LINES; systemd.syntax(7), QUOTING): % would begin a specifier. The
 * colon before the command has $ mean nothing.
 */
export function quoted(word: string): string {
  if (/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/.test(word))
    throw new UnwritableError(`${JSON.stringify(word)} has a control character, which no unit file can have`);
  return `"${word.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("%", "%%")}"`;
}

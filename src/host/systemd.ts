import type { ServiceStatus, Services } from "./host.js";
import type { Run } from "./run.js";

/** Services of a real machine: systemd's units of the same names. */
export function systemd(run: Run): Services {
  async function systemctl(...args: string[]): Promise<string> {
    const { exitCode, stdout, stderr } = await run(["systemctl", "--no-ask-password", ...args], {
      timeout: 90_000,
    });
    if (exitCode === 0) return stdout;
    throw new Error(`systemctl ${args.join(" ")}: ${(stderr || stdout).trim() || `exit code ${exitCode}`}`);
  }

  const status = async (name: string): Promise<ServiceStatus> =>
    parse(await systemctl("show", "--property=ActiveState,MainPID,NRestarts", unit(name)));

  const tell = async (...args: string[]): Promise<void> => void (await systemctl(...args));

  /** Enabled too: what holdfast starts must come back after a power loss. */
  const start = (name: string): Promise<void> => tell("enable", "--now", unit(name));

  return {
    status,
    start,
    stop: (name) => tell("stop", unit(name)),
    // Never reload-or-restart: a unit that cannot reload would be restarted, and its sessions would end.
    reload: async (name) => ((await status(name)).running ? tell("reload", unit(name)) : start(name)),
    restart: (name) => tell("restart", unit(name)),
    enable: (name) => tell("enable", unit(name)),
    disable: (name) => tell("disable", unit(name)),
    reloadUnits: () => tell("daemon-reload"),
  };
}

const unit = (name: string): string => `${name}.service`;

/** `systemctl show`: one KEY=VALUE a line; MainPID is 0 without a process. */
export function parse(shown: string): ServiceStatus {
  const values = new Map(
    shown.split("\n").map((line) => [line.split("=")[0] ?? "", line.slice(line.indexOf("=") + 1)]),
  );
  const pid = Number(values.get("MainPID") ?? 0);
  const running = ["active", "reloading"].includes(values.get("ActiveState") ?? "") && pid > 0;
  return { running, pid: running ? pid : null, restarts: Number(values.get("NRestarts") ?? 0) };
}

import { paths } from "../render/paths.js";

/** Engines that a machine may have run before it was a node. */
export type Engine = "keepalived" | "haproxy";

/** What the engine's own command has to name: its file, and the socket over which it is told to read that again. */
const ours: Readonly<Record<Engine, (argv: readonly string[]) => boolean>> = {
  keepalived: (argv) => names(argv, ["-f", "--use-file"], [paths.keepalivedConf]),
  haproxy: (argv) =>
    names(argv, ["-f"], [paths.haproxyCfg]) && argv.some((word) => word.startsWith(paths.haproxyMaster)),
};

/**
 * Whether an engine was started by a command that is not a node's own: it would go on with that, with its priority and
 * its limits too, however often it read its file again.
 *
 * @param commandLine /proc/PID/cmdline (proc(5)); empty, or null, of a process that is gone: nothing is known of it
 */
export function isForeign(engine: Engine, commandLine: string | null): boolean {
  const argv = (commandLine ?? "").split("\0").filter((word) => word !== "");
  return argv.length > 0 && !ours[engine](argv);
}

/** Every value that these options have is one of these, and there is one. `--use-file=FILE` counts too. */
function names(argv: readonly string[], options: readonly string[], wanted: readonly string[]): boolean {
  const values = argv.flatMap((word, index) => {
    if (options.includes(word)) return [argv[index + 1] ?? ""];
    const option = options.find((each) => each.startsWith("--") && word.startsWith(`${each}=`));
    return option === undefined ? [] : [word.slice(option.length + 1)];
  });
  return values.length > 0 && values.every((value) => wanted.includes(value));
}

import type { Machine } from "../../lab/lab.js";
import { runOn } from "./on-machine.js";

/** The processors on which a machine's processes run, as taskset(1) takes them: those of its first process. */
export async function processorsOf(machine: Machine): Promise<string> {
  const status = await runOn(machine, ["cat", "/proc/1/status"]);
  return /^Cpus_allowed_list:\s*(\S+)$/m.exec(status)?.[1] ?? "0";
}

/** The last one of a list like `0-3,6`. */
export const lastOf = (processors: string): string => /\d+$/.exec(processors)?.[0] ?? "0";

/** Has all processes of a machine run on these processors alone, and whatever they start from now on. */
export const bindTo = async (machine: Machine, processors: string): Promise<void> =>
  void (await runOn(machine, ["perl", "-e", binding, processors]));

/** One that ends meanwhile is no error. */
const binding =
  'my $on = shift; opendir my $proc, "/proc"; open STDERR, ">", "/dev/null"; open STDOUT, ">", "/dev/null";' +
  'system "taskset", "-a", "-c", "-p", $on, $_ for grep { /^\\d+$/ && $_ != $$ } readdir $proc; exit 0';

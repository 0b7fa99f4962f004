import { label } from "../deploy/generation.js";
import type { Removal } from "../deploy/removal.js";
import { paths } from "../render/paths.js";

/** What `holdfast remove` is about to do, for somebody who decides. */
export function removalText(removal: Removal, role: string): string {
  const { generation, files, services, settings, lost } = removal;
  const back = files.filter(({ before }) => before !== null).map(({ path }) => path);
  const gone = files.filter(({ before }) => before === null).map(({ path }) => path);
  const names = (resumes: boolean) =>
    services.filter((service) => service.resumes === resumes).map(({ name }) => name);
  const multiplexer = files.some(({ path }) => path === paths.multiplexerJson)
    ? ["holdfast-multiplexer"]
    : [];
  const lines = [
    ["virtual IPs", role],
    ["end", ["holdfast-agent", ...names(false), ...multiplexer].join(", ")],
    ["start again as before", names(true).join(", ")],
    ["put back", back.join(", ")],
    ["removed", gone.join(", ")],
    ["in the kernel", `chains HOLDFAST-*, routes of holdfast, ${settings.length} settings`],
    ["not to be had back", lost.length === 0 ? "" : `${lost.join(", ")}: ${reinstall}`],
  ].filter(([, what]) => what !== "");
  const what = generation === null ? "what an apply left" : `generation ${label(generation)}`;
  const width = Math.max(...lines.map(([name = ""]) => name.length));
  return [
    `This takes ${what} off this machine:`,
    ...lines.map(([name = "", words = ""]) => `  ${name.padEnd(width)}  ${words}`),
    "",
  ].join("\n");
}

const reinstall =
  "'apt-get install --reinstall -o Dpkg::Options::=--force-confmiss PACKAGE' brings the distribution's";

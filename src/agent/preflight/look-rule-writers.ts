import type { Host } from "../../host/host.js";
import { type RuleWriter, type RuleWriterFacts, ruleWriters } from "../../preflight/rule-writers.js";
import { outputOf } from "./attempt.js";

type Machine = Pick<Host, "run" | "read" | "list">;

const units = ["/etc/systemd/system", "/usr/lib/systemd/system", "/lib/systemd/system"];

/** What is installed of those who write rules, and whether it starts. */
export async function lookAtRuleWriters(host: Machine): Promise<RuleWriterFacts> {
  const text = async (path: string): Promise<string> => (await host.read(path)) ?? "";
  const saved = [await text("/etc/iptables/rules.v4"), await text("/etc/iptables/rules.v6")];
  return {
    ...{ atBoot: await atBoot(host), running: await running(host) },
    backend: (await outputOf(host, ["iptables", "--version"])) ?? "",
    nftables: { conf: await text("/etc/nftables.conf"), unit: await unitTexts(host, "nftables") },
    persistent: {
      saved: saved.some((rules) => rules.trim() !== ""),
      defaults: await text("/etc/default/netfilter-persistent"),
    },
    ufw: { conf: await text("/etc/ufw/ufw.conf"), defaults: await text("/etc/default/ufw") },
    docker: await text("/etc/docker/daemon.json"),
  };
}

/** By the links that systemctl(1), enable, makes. A unit that is masked, or left of a removed package, has no text. */
async function atBoot(host: Machine): Promise<RuleWriter[]> {
  const directories = (await host.list(units[0] ?? "")).filter((name) => /\.(wants|requires)$/.test(name));
  const wanted = await Promise.all(directories.map((name) => host.list(`${units[0]}/${name}`)));
  const enabled = ruleWriters.filter((name) => wanted.flat().includes(`${name}.service`));
  const there = await Promise.all(enabled.map((name) => unitTexts(host, name)));
  return enabled.filter((_, index) => (there[index] ?? []).length > 0);
}

async function running(host: Machine): Promise<RuleWriter[]> {
  const names = ruleWriters.map((name) => `${name}.service`);
  const said = (await outputOf(host, ["systemctl", "show", "--property=Id,ActiveState", ...names])) ?? "";
  const active = said.split("\n\n").filter((unit) => /^ActiveState=(active|reloading)$/m.test(unit));
  return ruleWriters.filter((name) => active.some((unit) => unit.split("\n").includes(`Id=${name}.service`)));
}

/** The unit's file that counts, then its drop-ins. */
async function unitTexts(host: Machine, name: RuleWriter): Promise<string[]> {
  const texts = await Promise.all(units.map((place) => host.read(`${place}/${name}.service`)));
  const file = texts.find((text) => text !== null) ?? "";
  if (file === "") return [];
  const directory = `${units[0]}/${name}.service.d`;
  const dropIns = (await host.list(directory)).filter((each) => each.endsWith(".conf"));
  return [file, ...(await Promise.all(dropIns.map((each) => host.read(`${directory}/${each}`))))].map(
    (text) => text ?? "",
  );
}

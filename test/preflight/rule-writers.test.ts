import { expect, test } from "vitest";
import { otherRuleWriters, type RuleWriterFacts } from "../../src/preflight/rule-writers.js";
import { shown } from "./subject.js";

const nothing: RuleWriterFacts = {
  ...{ atBoot: [], running: [], backend: "iptables v1.8.9 (nf_tables)", docker: "" },
  nftables: { conf: "", unit: [] },
  persistent: { saved: false, defaults: "" },
  ufw: { conf: "", defaults: "" },
};
const found = (own: Partial<RuleWriterFacts>): string[] =>
  shown(otherRuleWriters({ ...nothing, ...own })).map((line) => line.replace(/ -> .*/, ""));
const fine = ["ok all: nobody else flushes or blocks what the rendered rules need"];
const unit =
  "[Service]\nExecStart=/usr/sbin/nft -f /etc/nftables.conf\nExecStop=/usr/sbin/nft flush ruleset\n";

test("files of what does not start mean nothing", () => {
  expect(found({})).toEqual(fine);
  expect(found({ nftables: { conf: "flush ruleset\n", unit: [unit] } })).toEqual(fine);
  expect(found({ ufw: { conf: "ENABLED=yes\n", defaults: "" } })).toEqual(fine);
});

test("nftables.service that flushes is an error, one whose stop flushes a warning, and its own cure is enough", () => {
  const nftables = (conf: string, ...texts: string[]): Partial<RuleWriterFacts> => ({
    atBoot: ["nftables"],
    nftables: { conf, unit: texts },
  });
  const stock = "#!/usr/sbin/nft -f\n\nflush ruleset\n\ntable inet filter {\n}\n";
  expect(found({ ...nftables(stock, unit), running: ["nftables"] })).toEqual([
    "error nftables: /etc/nftables.conf: nftables.service starts at boot and is started, and its file says 'flush ruleset': each start, restart and reload takes all rendered rules away",
  ]);
  for (const conf of ["flush ruleset;\n", "  flush  ruleset ip # ours\n"])
    expect(found(nftables(conf, unit))[0]).toMatch(/^error nftables/);
  for (const conf of [
    "# flush ruleset\n",
    "flush ruleset inet\n",
    "table inet filter\ndelete table inet filter\n",
  ])
    expect(found(nftables(conf, unit))[0]).toMatch(/^warning nftables: .* stopped or restarted/);
  expect(found(nftables("", unit, "[Service]\nExecStop=\n"))).toEqual(fine);
  expect(found({ ...nftables(stock, unit), backend: "iptables v1.8.9 (legacy)" })).toEqual(fine);
});

test("netfilter-persistent replaces all rules unless it has none or is told not to", () => {
  const persistent = (saved: boolean, defaults: string): Partial<RuleWriterFacts> => ({
    running: ["netfilter-persistent"],
    persistent: { saved, defaults },
  });
  expect(found(persistent(true, "# IPTABLES_RESTORE_NOFLUSH=yes\n"))[0]).toMatch(
    /^error netfilter-persistent/,
  );
  expect(found(persistent(true, 'IPTABLES_RESTORE_NOFLUSH="yes"\n'))).toEqual(fine);
  expect(found(persistent(false, ""))).toEqual(fine);
});

test("ufw is a warning while it is on, and an error where it flushes", () => {
  const ufw = (conf: string, defaults: string): Partial<RuleWriterFacts> => ({
    atBoot: ["ufw"],
    ufw: { conf, defaults },
  });
  expect(found(ufw("ENABLED=no\n", ""))).toEqual(fine);
  expect(found(ufw("ENABLED=yes\n", "MANAGE_BUILTINS=no\n"))[0]).toMatch(/^warning ufw/);
  expect(found(ufw("ENABLED=yes\n", "MANAGE_BUILTINS=yes\n"))[0]).toMatch(/^error ufw: \/etc\/default\/ufw/);
});

test("firewalld flushes whatever its backend; docker drops what is forwarded unless it leaves rules alone", () => {
  expect(found({ running: ["firewalld", "docker"] }).map((line) => line.replace(/:.*/, ""))).toEqual([
    "error firewalld",
    "warning docker",
  ]);
  expect(found({ running: ["docker"], docker: '{ "iptables" : false }' })).toEqual(fine);
});

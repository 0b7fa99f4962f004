import { expect, test } from "vitest";
import { catalogue } from "../../src/drill/catalogue.js";
import { simulate, simulationTable } from "../../src/drill/simulate.js";
import { vpnCatalogue } from "../../src/drill/vpn/vpn-catalogue.js";
import { campus } from "./campus.js";

const named = (name: string) => {
  const drill = catalogue.find((candidate) => candidate.name === name);
  if (drill === undefined) throw new Error(`no drill ${name}`);
  return drill;
};

test("a drill strikes the preferred node, and promises what it would promise there", () => {
  const drill = named("power-loss");
  const [active, standby] = campus.nodes;
  const situation = {
    ...{ active: active?.name ?? "", standby: standby?.name ?? "", network: "" },
    busiestServer: { machine: "", sessions: 0 },
  };
  const { addressOutageAtMost } = drill.expect(campus, situation);
  expect(simulate([drill], campus)).toMatchObject([
    { drill: "power-loss", injected: `${active?.name} off`, addressOutageAtMost, sessionsLost: "all" },
  ]);
});

test("how many sessions may end is said in words, for nobody knows how many there will be", () => {
  const of = (name: string) => simulate([named(name)], campus)[0];
  expect(of("controller-crash")).toMatchObject({ sessionsLost: "of one server" });
  expect(of("standby-power-loss")).toMatchObject({ sessionsLost: "none" });
  // Infinity would be no JSON.
  expect(JSON.stringify(simulate(catalogue, campus))).not.toContain("null");
});

test("each kind of drill has a table", () => {
  const lines = simulationTable(simulate([named("agent-kill"), ...vpnCatalogue], campus)).split("\n");
  expect(lines[0]).toMatch(/^drill +strikes +virtual IP silent/);
  expect(lines[1]).toMatch(/^agent-kill +SIGKILL of holdfast-agent on \S+ +25 ms .* none lost +-$/);
  expect(lines[2]).toMatch(/^drill +clients struck silent/);
  expect(lines).toHaveLength(3 + vpnCatalogue.length);
});

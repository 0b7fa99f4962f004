import { expect, test } from "vitest";
import { FitnessGate } from "../../src/deploy/fitness-gate.js";
import { parseLivePool } from "../../src/deploy/pool-live.js";

/** A node with these faults before a change. */
async function gateOf(...before: string[]) {
  let faults: readonly string[] = before;
  const senses = {
    fitness: async () => faults,
    answers: async () => ({ endpoints: [] }),
    pool: async () => null,
    reach: async () => ({ reached: [], unreached: [] }),
  };
  const gate = new FitnessGate(senses, { timeout: 3, pause: 1 });
  await gate.remember();
  return (...after: string[]) => {
    faults = after;
    return gate.pass(false);
  };
}

test("a change that cures one of two faults passes the gate, and so does one that cures nothing", async () => {
  const pass = await gateOf("interface-down:switches", "rules-missing");
  await expect(pass("interface-down:switches")).resolves.toEqual({ endpoints: [] });
  await expect(pass("rules-missing", "interface-down:switches")).resolves.toEqual({ endpoints: [] });
  await expect(pass()).resolves.toEqual({ endpoints: [] });
});

test("a fault that was not there before is refused by its name alone, whatever was cured", async () => {
  const pass = await gateOf("interface-down:switches", "rules-missing");
  await expect(pass("interface-down:switches", "haproxy-silent")).rejects.toThrow(/^haproxy-silent$/);
});

/** A server: where the file has it, and what HAProxy says of it. */
type Stands = readonly [endpoint: string, status: string];

/** A service of these servers, checked every 20 ms; three failures are down. */
function poolWith(servers: readonly Stands[], option = "tcp-check") {
  const lines = servers.map(
    ([endpoint], index) =>
      `    server c${index} ${endpoint} id ${index + 1} weight 1 check inter 20ms rise 2 fall 3\n`,
  );
  const states = servers.map(([endpoint], index) => {
    const [address, port] = endpoint.split(":");
    return `openflow ${index + 1} c${index} ${address} 0 1 6 ${port}`;
  });
  const statistics = servers.map(([, status], index) => `openflow,c${index},0,${status},`);
  return {
    cfg: `backend openflow\n    timeout check 10ms\n    option ${option}\n${lines.join("")}`,
    live: parseLivePool(
      `1\n# be_id be_name srv_id srv_name srv_addr srv_admin_state srv_uweight srv_check_state srv_port\n${states.map((row) => `3 ${row}`).join("\n")}\n\n# pxname,svname,scur,status,\n${statistics.join("\n")}\n`,
    ),
  };
}

/** Milliseconds that the gate took to let a change of servers pass. */
async function gateBetween(before: ReturnType<typeof poolWith>, ...after: ReturnType<typeof poolWith>[]) {
  let looks = [before];
  const pool = async () => (looks.length > 1 ? looks.shift() : looks[0]) ?? null;
  const senses = {
    fitness: async () => [],
    answers: async () => ({ endpoints: [] }),
    reach: async () => ({ reached: [], unreached: [] }),
    pool,
  };
  const gate = new FitnessGate(senses, { timeout: 3, pause: 1 });
  await gate.remember();
  looks = [...after];
  const begun = performance.now();
  await gate.pass(false);
  return performance.now() - begun;
}

const [here, there] = ["10.0.2.11:6653", "10.0.2.11:22"];

test("servers that all moved are believed once a check of where they stand now has passed", async () => {
  const took = await gateBetween(poolWith([[here, "UP"]]), poolWith([[there, "UP"]]));
  expect(took).toBeGreaterThanOrEqual(30);
});

test("a change after which no server of a service is up any more is refused, though all looked up at first", async () => {
  const moved = (status: string) => poolWith([[there, status]]);
  const course = [moved("UP"), moved("UP"), moved("UP 2/3"), moved("UP 1/3"), moved("DOWN")];
  await expect(gateBetween(poolWith([[here, "UP"]]), ...course)).rejects.toThrow(
    "no server of openflow is up any more",
  );
});

test("after a reload with another check each server is taken for up until it was checked: the gate waits for that", async () => {
  const [fresh, passed] = [poolWith([[here, "UP 1/3"]], "httpchk"), poolWith([[here, "UP"]], "httpchk")];
  await expect(gateBetween(poolWith([[here, "UP"]]), fresh, fresh, passed)).resolves.toBeLessThan(30);
  const failed = poolWith([[here, "DOWN"]], "httpchk");
  await expect(gateBetween(poolWith([[here, "UP"]]), fresh, failed)).rejects.toThrow("no server of openflow");
});

test("nobody waits where one server stayed as it was, nor where none was up before", async () => {
  const stayed = poolWith([
    [here, "UP 1/3"],
    [there, "DOWN"],
  ]);
  const before = poolWith([
    [here, "UP"],
    [here, "UP"],
  ]);
  expect(await gateBetween(before, stayed)).toBeLessThan(20);
  expect(await gateBetween(poolWith([[here, "DOWN"]]), poolWith([[there, "DOWN"]]))).toBeLessThan(20);
});

/** A standby that reaches the active node, or not, before a change and after. */
async function standby(before: boolean | null, after: boolean) {
  let reaches = before;
  const gate = new FitnessGate(
    {
      fitness: async () => [],
      answers: async () => ({ endpoints: [] }),
      pool: async () => null,
      reach: async () => ({
        reached: reaches === true ? ["10.0.1.100:6653"] : [],
        unreached: reaches === false ? ["10.0.1.100:6653"] : [],
      }),
    },
    { timeout: 3, pause: 1 },
  );
  await gate.remember();
  reaches = after;
  return gate.pass(true);
}

test("a standby that reached the virtual IPs and no longer does fails the last gate in its own words", async () => {
  await expect(standby(true, false)).rejects.toThrow(/^this node no longer reaches 10.0.1.100:6653$/);
  await expect(standby(true, true)).resolves.toEqual({ endpoints: [] });
});

test("a standby whose path was broken before, or never tried, stands in no change's way", async () => {
  await expect(standby(false, false)).resolves.toEqual({ endpoints: [] });
  await expect(standby(null, false)).resolves.toEqual({ endpoints: [] });
});

import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { registerInit } from "../../src/cli/init.js";
import { registerNeighbours } from "../../src/cli/neighbours.js";
import { registerSchema } from "../../src/cli/schema.js";
import { registerValidate } from "../../src/cli/validate.js";
import { edited } from "../topology/examples.js";
import { examplePath, run } from "./run.js";

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "holdfast-cli-"));
});
afterAll(() => rm(directory, { recursive: true }));

const file = async (name: string, body: string): Promise<string> => {
  const path = join(directory, name);
  await writeFile(path, body);
  return path;
};

test("what a topology of VPN servers alone has nothing to say of is refused", async () => {
  const { stderr, exitCode } = await run(registerNeighbours, "neighbours", "-f", examplePath("overlay"));
  expect({ stderr, exitCode }).toEqual({
    stderr:
      "holdfast: 'holdfast neighbours' concerns load balancers, and cluster overlay has none: its topology has vpn alone\n",
    exitCode: 1,
  });
});

describe("validate", () => {
  test("says in one line what a valid topology describes, and exits 0 in spite of warnings", async () => {
    const path = examplePath("pair");
    const { stdout, exitCode } = await run(registerValidate, "validate", "-f", path);
    expect(exitCode).toBe(0);
    expect(stdout.split("\n").at(-2)).toBe(
      `${path}: cluster campus: 2 nodes, 3 networks, 2 virtual IPs, 1 service over 3 servers, 1 warning`,
    );
    expect(stdout).toContain(`${path}:24:3 failover.advert_interval: warning: adverts every 100ms`);
  });

  test("counts VPN servers, and has nothing to say of load balancers where there are none", async () => {
    const path = examplePath("overlay");
    const { stdout, exitCode } = await run(registerValidate, "validate", "-f", path);
    expect(exitCode).toBe(0);
    expect(stdout).toBe(`${path}: cluster overlay: 2 VPN servers, 2 clients with fixed addresses\n`);
  });

  test("prints every problem as FILE:LINE:COL path: message, counts them and exits 1", async () => {
    const path = await file(
      "wrong.yaml",
      edited("pair", ["10.0.1.3", "10.0.5.3"], ["    servers:", "    sevrers:"]),
    );
    const { stdout, exitCode } = await run(registerValidate, "validate", "-f", path);
    expect(exitCode).toBe(1);
    expect(stdout.split("\n").filter((line) => !line.includes("warning:"))).toEqual([
      `${path}:19:45 nodes[1].interfaces.switches.address: 10.0.5.3 is outside 10.0.1.0/24 (network switches)`,
      `${path}:37:5 services[0].sevrers: unknown key; did you mean \`servers\`?`,
      "2 problems, 1 warning",
      "",
    ]);
  });

  test("--json is one versioned document", async () => {
    const path = await file("json.yaml", edited("pair", ["10.0.1.3", "10.0.5.3"]));
    const { stdout, exitCode } = await run(registerValidate, "validate", "--json", path);
    expect(exitCode).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      schema: "holdfast/validate/v1",
      valid: false,
      problems: [{ rule: "address-in-network", severity: "error", position: { line: 19, column: 45 } }, {}],
    });
  });

  test("a file that cannot be read is named, with the cure", async () => {
    const { stderr, exitCode } = await run(registerValidate, "validate", "-f", join(directory, "none.yaml"));
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/cannot read .*none\.yaml \(ENOENT\).*-f FILE.*holdfast init/);
  });
});

describe("init", () => {
  test("prints a topology that is valid as it stands, without a warning", async () => {
    const { stdout } = await run(registerInit, "init");
    const path = await file("starter.yaml", stdout);
    const validated = await run(registerValidate, "validate", "-f", path);
    expect(validated).toMatchObject({ exitCode: 0, stderr: "" });
    expect(validated.stdout).not.toContain("warning");
  });

  test("overwrites a file only when told to", async () => {
    const path = await file("mine.yaml", "mine");
    const refused = await run(registerInit, "init", "--out", path);
    expect(refused).toMatchObject({ exitCode: 1, stderr: expect.stringContaining("--force") });
    expect(await readFile(path, "utf8")).toBe("mine");
    expect((await run(registerInit, "init", "--out", path, "--force")).exitCode).toBe(0);
    expect(await readFile(path, "utf8")).toMatch(/^cluster: my-cluster$/m);
  });
});

test("schema writes what it prints, and the examples' copy for editors is the same", async () => {
  const path = join(directory, "topology.schema.json");
  const { stdout } = await run(registerSchema, "schema");
  expect((await run(registerSchema, "schema", "--out", path)).stdout).toBe("");
  expect(await readFile(path, "utf8")).toBe(stdout);
  expect(await readFile(examplePath("topology.schema").replace(/yaml$/, "json"), "utf8")).toBe(stdout);
});

describe("neighbours", () => {
  test("gives the router the exact route to the captured address, in each system's words", async () => {
    const { stdout } = await run(registerNeighbours, "neighbours", "-f", examplePath("campus-routed"));
    expect(stdout).toContain(`Router 10.0.1.1 on network edge
  Linux      ip route replace 10.0.2.10/32 via 10.0.1.100
  Cisco IOS  ip route 10.0.2.10 255.255.255.255 10.0.1.100
  VyOS       set protocols static route 10.0.2.10/32 next-hop 10.0.1.100
`);
  });

  test("leaves switches alone that already have the captured address", async () => {
    const { stdout } = await run(registerNeighbours, "neighbours", "-f", examplePath("campus-routed"));
    expect(stdout).toContain("ovs-vsctl set-controller br0 tcp:10.0.1.100:6653");
    expect(stdout).not.toContain("set-controller br0 tcp:10.0.2.10:6653");
    expect(stdout).toContain("captured      10.0.2.10:6653 stays as it is, once the route above is set");
  });

  test("--json has routers, servers and clients", async () => {
    const { stdout } = await run(registerNeighbours, "neighbours", "--json", "-f", examplePath("pair"));
    expect(JSON.parse(stdout)).toMatchObject({
      schema: "holdfast/neighbours/v1",
      cluster: "campus",
      routers: [],
      servers: [
        {
          network: "controllers",
          machines: ["c1", "c2", "c3"],
          routes: [{ destination: "default", via: "10.0.2.1" }],
        },
      ],
      clients: [
        {
          service: "openflow",
          openflow: true,
          endpoints: [{ address: "10.0.1.100", port: 6653, captured: false }],
        },
      ],
    });
  });

  test("prints the problems of a topology that is not valid, and does nothing", async () => {
    const path = await file("broken.yaml", edited("pair", ["10.0.1.3", "10.0.5.3"]));
    const { stdout, stderr, exitCode } = await run(registerNeighbours, "neighbours", "-f", path);
    expect({ stdout, exitCode }).toEqual({ stdout: "", exitCode: 1 });
    expect(stderr).toContain(`${path}:19:45 nodes[1].interfaces.switches.address: `);
    expect(stderr).toContain("has 1 error; nothing was done");
  });
});

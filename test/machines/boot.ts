import { describe, expect, test } from "vitest";
import { until } from "../../src/lab/readiness.js";
import { managementAddress, type Site, stage } from "./site.js";

const patience = { patience: 60_000, signal: new AbortController().signal };

/** Milliseconds since the machine's kernel handed over to its PID 1 until the last unit stood, as systemd counts. */
export function machinesBoot(site: Site): void {
  describe("a machine", () => {
    test.for(["lb-a", "lb-b"])("%s boots, and an operator logs in by SSH", async (name) => {
      const { ssh } = site.lab;
      const address = managementAddress(name);
      const run = ssh.from("operator");
      const answers = async (): Promise<boolean> => (await run(ssh.login(address, ["true"]))).exitCode === 0;
      await stage(site, `${name} answers SSH`, () => until(`${name} answers SSH`, answers, patience));
      const { stdout } = await run(ssh.login(address, ["hostname"]));
      expect(stdout).toBe(`${name}\n`);
    });

    test.for(["lb-a", "lb-b", "c1"])(
      "%s has systemd as its first process, and no unit failed",
      async (name) => {
        const { exec } = site.lab.machine(name);
        await exec(["systemctl", "is-system-running", "--wait"], { timeout: 60_000 });
        expect(await exec(["systemctl", "list-units", "--failed", "--no-legend", "--plain"])).toMatchObject({
          stdout: "",
        });
        expect((await exec(["readlink", "/proc/1/exe"])).stdout).toMatch(/\/systemd\n$/);
      },
    );

    test("c1 is a controller that greets", async () => {
      const [first] = [site.lab.machine("c1").addresses.controllers?.[0] ?? ""];
      const greets = async (): Promise<boolean> => {
        const { exitCode } = await site.lab
          .machine("c2")
          .exec(["/usr/bin/python3", "-c", greeting, first, "6653"]);
        return exitCode === 0;
      };
      await until("c1 greets", greets, patience);
    });
  });
}

/** An OpenFlow HELLO begins with a version and the type 0. */
const greeting = `
import socket, sys
with socket.create_connection((sys.argv[1], int(sys.argv[2])), 2) as session:
    sys.exit(session.recv(8)[1:2] != b"\\0")
`;

import { describe, expect, test } from "vitest";
import { everyController } from "../../../src/drill/fault/controllers.js";
import { ended } from "../../../src/drill/fault/ended.js";
import type { Fault, Stage } from "../../../src/drill/fault/fault.js";
import { readOnly, refusing } from "../../../src/drill/fault/refusing.js";
import { signal } from "../../../src/drill/fault/signal.js";
import { slowOpeners } from "../../../src/drill/fault/slow-openers.js";
import { starve } from "../../../src/drill/fault/starve.js";
import { synFlood } from "../../../src/drill/fault/syn-flood.js";
import { campus } from "../campus.js";

const situation = {
  ...{ active: "lb-a", standby: "lb-b", network: "switches" },
  busiestServer: { machine: "c1", sessions: 3 },
};

interface Said {
  /** Processes that a signal strikes. */
  readonly struck: number;
  readonly lines: readonly string[];
  /** Of a program that has ended; null while it runs. */
  readonly stderr: string | null;
}

/** Has a fault strike machines on which programs say what is given, and asks why it did not come about. */
async function missed(fault: Fault, { struck = 1, lines = [], stderr = null }: Partial<Said>) {
  const machine = {
    name: "c1",
    addresses: { controllers: ["10.0.2.11"], switches: ["10.0.1.50"] },
    exec: async () => ({ exitCode: 0, stdout: "Cpus_allowed_list:\t0-1\n", stderr: "" }),
    spawn: async () => ({
      onLine: (listener: (line: string) => void) => lines.forEach(listener),
      ended: stderr === null ? new Promise(() => undefined) : Promise.resolve({ stderr }),
    }),
    host: {
      services: { stop: async () => undefined },
      run: async () => ({ stdout: `${lines.join("\n")}\n` }),
    },
  };
  const faults = { signal: async () => struck };
  const lab = { cluster: campus, faults, machines: [machine], machine: () => machine };
  const injection = fault.on(situation);
  await injection.inject({ lab } as unknown as Stage);
  return (await injection.missed?.()) ?? null;
}

describe("a fault did not come about", () => {
  test.each([signal("active", "haproxy", "SIGKILL"), ended("active", "keepalived"), everyController])(
    "where nobody was there to be struck",
    async (fault) => {
      expect(await missed(fault, { struck: 0 })).toMatch(/ran/);
      expect(await missed(fault, { struck: 2 })).toBeNull();
    },
  );

  test("where fewer connections were open than it says", async () => {
    const fault = slowOpeners({ connections: 3, seconds: 5 });
    expect(await missed(fault, { lines: ["1", "2"] })).toBe("2 of 3 connections were open");
    expect(await missed(fault, { lines: ["1", "2", "3"] })).toBeNull();
  });

  test("where the kernel refused packets", async () => {
    const fault = synFlood({ packets: 5, seconds: 2 });
    expect(await missed(fault, { lines: ["7 Operation not permitted"] })).toBe(
      "10 packets, and sent were 7 Operation not permitted",
    );
    expect(await missed(fault, { lines: ["10"] })).toBeNull();
  });

  test("where busy programs ended with a complaint, and not by their alarm", async () => {
    const fault = starve("active", { processes: 2, seconds: 5 });
    expect(await missed(fault, { stderr: "no perl" })).toBe("a busy loop ended: no perl, no perl");
    expect(await missed(fault, { stderr: "" })).toBeNull();
    expect(await missed(fault, {})).toBeNull();
  });
});

test("a disk that goes on refusing is told, and one that nobody has refuse is not", async () => {
  const undone = (exitCode: number, stderr: string) => {
    const stage = { lab: { machine: () => ({ exec: async () => ({ exitCode, stdout: "", stderr }) }) } };
    return refusing("active", readOnly("/etc/x"))
      .on(situation)
      .undo(stage as unknown as Stage);
  };
  await undone(0, "");
  await undone(32, "umount: /etc/x: not mounted.");
  await expect(undone(32, "umount: /etc/x: target is busy.")).rejects.toThrow(
    "/etc/x on lb-a goes on refusing",
  );
});

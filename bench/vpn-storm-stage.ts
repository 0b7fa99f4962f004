import { setTimeout as sleep } from "node:timers/promises";
import { clientLog, VpnEyes } from "../src/drill/vpn/eyes.js";
import { worldOf } from "../src/drill/vpn/lab-world.js";
import { type Settled, settle } from "../src/drill/vpn/settle.js";
import type { World } from "../src/drill/vpn/world.js";
import { AgentClient } from "../src/fleet/client.js";
import { labDown } from "../src/lab/down.js";
import type { Lab } from "../src/lab/lab.js";
import { labFor } from "../test/lab/topology.js";
import { type Step, take } from "./vpn-storm-steps.js";
import { behind, type StormSize, stormTopology } from "./vpn-storm-topology.js";

/** Milliseconds. */
const times = {
  /** All have to agree again so long after a step, at most. */
  patience: 45_000,
  /** What is struck has had so long to notice before the first look. */
  strike: 500,
  /** A client that says goodbye is gone, an agent that was killed is back. */
  end: 10_000,
} as const;

/** A lab in a storm. */
export class StormStage implements AsyncDisposable {
  readonly #begun = new Map<string, number>();
  readonly #eyes: VpnEyes;

  private constructor(
    readonly lab: Lab,
    readonly world: World,
  ) {
    this.#eyes = new VpnEyes(lab, world, this.#begun);
  }

  static async open(cluster: string, size: StormSize): Promise<StormStage> {
    const topology = stormTopology(cluster, size);
    const lab = await labFor(topology, { switches: 0, vpnClients: size.fixed + size.others });
    try {
      const { exec } = lab.machine("host1");
      await exec(["ip", "address", "add", `${behind.address}/24`, "dev", "lo"]);
      return new StormStage(lab, worldOf(lab, new Map([["vpn-client-1", [behind.address]]])));
    } catch (error) {
      await labDown(cluster);
      throw error;
    }
  }

  /** Does it, and waits until everybody sees what is true then. */
  async step(step: Step, signal: AbortSignal): Promise<Settled> {
    const since = performance.now();
    await this.#perform(step);
    take(this.world, step);
    await sleep(times.strike, undefined, { signal });
    return this.settle(since, signal);
  }

  /** @param since by performance.now() */
  settle(since: number, signal: AbortSignal): Promise<Settled> {
    return settle(this.world, this.#eyes, { since, patience: times.patience, signal });
  }

  async #perform(step: Step): Promise<void> {
    const { faults } = this.lab;
    switch (step.kind) {
      case "connect":
        return this.#connect(step.client, step.server);
      case "leave":
        return this.#leave(step.client, step.signal);
      case "roam":
        await this.#leave(step.client, step.signal);
        return this.#connect(step.client, step.server);
      case "power off":
        return faults.powerOff(step.server);
      case "power on":
        return faults.powerOn(step.server);
      case "cut":
        return faults.cutBetween(step.server, step.other);
      case "heal":
        return faults.healBetween(step.server, step.other);
      case "kill":
        await faults.signal(step.server, step.daemon, "SIGKILL");
        // All would agree at once, with the one who is gone, too.
        if (step.daemon === "holdfast-agent") await this.#agentIsBack(step.server);
    }
  }

  async #connect(client: string, server: string): Promise<void> {
    this.#begun.set(client, ((await this.lab.machine(client).host.read(clientLog)) ?? "").length);
    await this.lab.faults.connect(client, server);
  }

  async #leave(client: string, signal: "SIGTERM" | "SIGKILL"): Promise<void> {
    await this.lab.faults.signal(client, "openvpn", signal);
    const runs = async () =>
      (await this.lab.machine(client).exec(["pidof", "openvpn"])).exitCode === 0 ? null : true;
    await within(`${client} leaves`, runs);
  }

  async #agentIsBack(server: string): Promise<void> {
    await sleep(times.strike);
    await within(`the agent of ${server} is back`, async () => {
      const agent = new AgentClient(server, { kind: "unix", path: this.lab.agentSocket(server) ?? "" });
      try {
        const { vpn } = (await agent.call("state", {}, { timeout: 2_000 })) as { vpn?: { counted: boolean } };
        return vpn?.counted === true ? true : null;
      } catch {
        return null;
      } finally {
        agent.close();
      }
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#eyes.stop();
    await labDown(this.lab.cluster.name);
  }
}

async function within(what: string, look: () => Promise<true | null>): Promise<void> {
  for (const end = Date.now() + times.end; (await look()) === null; await sleep(50))
    if (Date.now() > end) throw new Error(`${what}: not within ${times.end / 1_000} s`);
}

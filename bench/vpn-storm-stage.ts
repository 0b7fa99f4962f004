import { setTimeout as sleep } from "node:timers/promises";
import { AgentClient } from "../src/fleet/client.js";
import { labDown } from "../src/lab/down.js";
import type { Lab } from "../src/lab/lab.js";
import { labFor } from "../test/lab/topology.js";
import { clientLog, StormEyes } from "./vpn-storm-look.js";
import { type Step, take } from "./vpn-storm-steps.js";
import { behind, type StormSize, stormTopology } from "./vpn-storm-topology.js";
import { disagreements, type World } from "./vpn-storm-world.js";

/** Milliseconds. */
const times = {
  /** All have to agree again so long after a step, at most. */
  patience: 45_000,
  /** For so long everybody goes on agreeing before it counts. */
  calm: 700,
  /** What is struck has had so long to notice before the first look. */
  strike: 500,
  pause: 150,
  /** A client that says goodbye is gone, an agent that was killed is back. */
  end: 10_000,
} as const;

/** How it was after a step. */
export interface Settled {
  /** Milliseconds from the step until all agreed for good; null where they did not in time. */
  readonly after: number | null;
  /** What was seen otherwise at the last look. */
  readonly wrong: readonly string[];
}

/** A lab in a storm. */
export class StormStage implements AsyncDisposable {
  readonly #begun = new Map<string, number>();
  readonly #eyes: StormEyes;

  private constructor(
    readonly lab: Lab,
    readonly world: World,
  ) {
    this.#eyes = new StormEyes(lab, world, this.#begun);
  }

  static async open(cluster: string, size: StormSize): Promise<StormStage> {
    const topology = stormTopology(cluster, size);
    const lab = await labFor(topology, { switches: 0, vpnClients: size.fixed + size.others });
    try {
      const { exec } = lab.machine("host1");
      await exec(["ip", "address", "add", `${behind.address}/24`, "dev", "lo"]);
      return new StormStage(lab, worldOf(lab, size));
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
  async settle(since: number, signal: AbortSignal): Promise<Settled> {
    let agreed: number | null = null;
    for (;;) {
      const at = performance.now();
      const wrong = disagreements(this.world, await this.#eyes.look());
      if (wrong.length > 0) agreed = null;
      else agreed ??= at;
      if (agreed !== null && at - agreed >= times.calm) return { after: agreed - since, wrong };
      if (agreed === null && at - since > times.patience) return { after: null, wrong };
      await sleep(times.pause, undefined, { signal });
    }
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
    await this.#eyes[Symbol.asyncDispose]();
    await labDown(this.lab.cluster.name);
  }
}

async function within(what: string, look: () => Promise<true | null>): Promise<void> {
  for (const end = Date.now() + times.end; (await look()) === null; await sleep(50))
    if (Date.now() > end) throw new Error(`${what}: not within ${times.end / 1_000} s`);
}

function worldOf({ cluster: { vpn } }: Lab, { fixed, others }: StormSize): World {
  return {
    cuts: new Set(),
    servers: (vpn?.servers ?? []).map(({ name, addresses, backbone, clients }) => ({
      ...{ name, backbone, address: addresses[0]?.address ?? "" },
      ...{ ranges: clients.map(({ address, prefix }) => `${address}/${prefix}`), on: true },
    })),
    clients: Array.from({ length: fixed + others }, (_, index) => ({
      name: `vpn-client-${index + 1}`,
      fixed: index < fixed ? [`10.100.200.${index + 1}`, `fd00:100::c8:${index + 1}`] : [],
      ...(index === 0
        ? { networks: [behind.network], behind: [behind.address] }
        : { networks: [], behind: [] }),
      running: true,
    })),
  };
}

import { AgentClient } from "../fleet/client.js";
import { paths } from "../render/paths.js";

/** What became of the virtual IPs that this node held. */
interface Moved {
  readonly to: string | null;
  /** Milliseconds; null where they were not moved as planned. */
  readonly gap: number | null;
  readonly words: string;
}

/** Milliseconds. */
const patience = { connect: 500, timeout: 3_000 };
const movedWithin = 30_000;

const ownAgent = () => new AgentClient("this node", { kind: "unix", path: paths.agentSocket }, patience);

/** Whether this node holds the virtual IPs; null where its agent does not say. */
async function isActive(): Promise<boolean | null> {
  try {
    const { networks } = await ownAgent().call("state", {});
    return Array.isArray(networks) && networks.some(({ vrrp }) => vrrp === "master");
  } catch {
    return null;
  }
}

/** One clause for whoever decides. */
export async function sayRole(): Promise<string> {
  const active = await isActive();
  if (active === null) return "the agent does not say who holds them; whichever stand here go";
  return active ? "this node is active: they go to a standby, where one is ready" : "another node holds them";
}

/** A planned move where this node is active and a standby is ready; null where there is nothing to move. */
export async function giveAway(): Promise<Moved | null> {
  if ((await isActive()) !== true) return null;
  try {
    const { from, to, gap, verdict } = await ownAgent().call(
      "switchover",
      { body: { to: null, force: false } },
      { timeout: movedWithin },
    );
    return { to, gap, words: `${from} -> ${to}   gap ${gap.toFixed(0)} ms   ${verdict}` };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { to: null, gap: null, words: `the virtual IPs could not be moved as planned: ${why}` };
  }
}

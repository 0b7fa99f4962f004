import { expect, onTestFinished, test, vi } from "vitest";
import { PeerClients } from "../../../src/agent/daemon/peer-clients.js";
import { AgentClient } from "../../../src/fleet/client.js";
import { pair } from "../../deploy/topologies.js";

const elsewhere = (step: number) => ({ ...pair, agent: { ...pair.agent, port: 10_000 + step } });

test("a hundred plans that move the agents leave no clients behind, and the peers' own client stays", async () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const close = vi.spyOn(AgentClient.prototype, "close");
  onTestFinished(() => close.mockRestore());
  const clients = new PeerClients("lb-a", () => null);
  const [own] = clients.of([pair]);
  for (let step = 0; step < 100; step++) {
    clients.of([elsewhere(step), pair]);
    expect(clients.of([pair])).toEqual([own]);
  }
  expect(close).not.toHaveBeenCalled(); // What was asked through them is still answered.
  await vi.advanceTimersByTimeAsync(60_000);
  expect(close.mock.calls.length).toBeGreaterThanOrEqual(97);
  expect(close.mock.contexts).not.toContain(own?.client);
  clients.close();
  expect(close).toHaveBeenCalledTimes(101);
});

import { describe, expect, test } from "vitest";
import { parseVrrpEvent } from "../../src/agent/engines/vrrp-fifo.js";
import { parsePing } from "../../src/agent/networks/fping.js";
import { parseArp, parseNeighbours } from "../../src/agent/networks/neighbours.js";

describe("the engines' words, recorded", () => {
  test("fping 5.1: an answer, a silence, and anything else", () => {
    expect(parsePing("[1795576737.76691] 10.9.1.9  : [10], 64 bytes, 0.048 ms (0.048 avg, 0% loss)")).toEqual(
      {
        address: "10.9.1.9",
        answered: true,
        at: 1_795_576_737_767,
      },
    );
    expect(parsePing("[1795576737.76691] fd09::77 : [0], timed out (NaN avg, 100% loss)")).toMatchObject({
      address: "fd09::77",
      answered: false,
    });
    expect(parsePing("ICMP Host Unreachable from 10.9.1.2 for ICMP Echo sent to 10.9.1.77")).toBeNull();
  });

  test("keepalived 2.2.7: an instance's new role; a group's is passed over", () => {
    expect(parseVrrpEvent('INSTANCE "switches" MASTER 254')).toEqual({
      network: "switches",
      state: "master",
    });
    expect(parseVrrpEvent('INSTANCE "switches" STOP 254')).toEqual({ network: "switches", state: "stop" });
    expect(parseVrrpEvent('GROUP "campus" BACKUP 0')).toBeNull();
  });

  test("/proc/net/arp: those whose hardware address is known", () => {
    const table = `IP address       HW type     Flags       HW address            Mask     Device
10.0.1.7         0x1         0x2         02:00:00:00:00:07     *        eth1
10.0.1.8         0x1         0x0         00:00:00:00:00:00     *        eth1
10.0.2.11        0x1         0x6         02:00:00:00:00:11     *        eth2
`;
    expect([...parseArp(table)]).toEqual([
      ["eth1", ["10.0.1.7"]],
      ["eth2", ["10.0.2.11"]],
    ]);
  });

  test("ip neighbour: those that answer, the liveliest first", () => {
    const json =
      '[{"dst":"10.0.1.9","dev":"eth1","lladdr":"02:00:00:00:00:09","state":["STALE"]},' +
      '{"dst":"10.0.1.7","dev":"eth1","lladdr":"02:00:00:00:00:07","state":["REACHABLE"]},' +
      '{"dst":"10.0.1.8","dev":"eth1","state":["FAILED"]},{"dst":"10.0.2.11","dev":"eth2","state":["DELAY"]}]';
    expect([...parseNeighbours(json)]).toEqual([
      ["eth1", ["10.0.1.7", "10.0.1.9"]],
      ["eth2", ["10.0.2.11"]],
    ]);
  });
});

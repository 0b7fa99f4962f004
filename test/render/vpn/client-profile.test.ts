import { describe, expect, test } from "vitest";
import { clientProfile } from "../../../src/render/vpn/client-profile.js";
import { three, two, vpnOf } from "../../topology/vpn-networks.js";

const remotes = (text: string): string[] => text.match(/(?<=^remote ).*/gm) ?? [];

describe("a client's profile", () => {
  test("has every address of every server, one server after the other", () => {
    const vpn = vpnOf(three);
    const inOrder = [
      "203.0.113.10 1194 udp",
      "2001:db8::10 1194 udp",
      "203.0.113.20 443 tcp-client",
      "203.0.113.30 1194 udp",
      "2001:db8::30 1194 udp",
    ];
    for (const name of ["host1", "host2", "anybody@example"]) {
      const found = remotes(clientProfile.render(vpn, name));
      const first = inOrder.indexOf(found[0] ?? "");
      expect(found).toEqual([...inOrder.slice(first), ...inOrder.slice(0, first)]);
    }
  });

  test("begins at the server that is named, and an unknown one is refused", () => {
    const vpn = vpnOf(three);
    expect(remotes(clientProfile.render(vpn, "host1", "vpn-b"))[0]).toBe("203.0.113.20 443 tcp-client");
    expect(() => clientProfile.render(vpn, "host1", "vpn-z")).toThrow("vpn-z");
  });

  test("begins at a server that its name chooses, always the same, and names are spread over all", () => {
    const vpn = vpnOf(three);
    const first = (name: string) => remotes(clientProfile.render(vpn, name))[0] ?? "";
    const counts = new Map<string, number>();
    for (let number = 0; number < 3_000; number++) {
      const chosen = first(`host${number}`);
      counts.set(chosen, (counts.get(chosen) ?? 0) + 1);
    }
    expect(counts.size).toBe(3);
    for (const count of counts.values()) expect(count).toBeGreaterThan(800);
    expect(first("host7")).toBe(first("host7"));
  });

  test("is of tap where the servers are", () => {
    const tap = two
      .replace(/clients:\n.*\n.*\n/, "")
      .replaceAll("backbone: 10", "device: tap0, backbone: 10");
    expect(clientProfile.render(vpnOf(tap), "host1")).toContain("\ndev tap\n");
    expect(clientProfile.render(vpnOf(two), "host1")).toContain("\ndev tun\n");
  });

  test("is refused to a name that could end a line", () => {
    expect(() => clientProfile.render(vpnOf(two), "host1\nup /tmp/x")).toThrow("cannot stand in");
  });
});

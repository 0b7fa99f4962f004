import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type KernelRoute, kernelRoutesIn, listHostRoutes, routeChanges } from "../../src/vpn/host-routes.js";

test("the kernel is asked for routes of our number, by family", () => {
  expect(listHostRoutes(6).join(" ")).toBe("-json -6 route show proto 111");
});

describe("the kernel's list", () => {
  // As iproute2 6.1 prints it.
  const four =
    '[{"type":"blackhole","dst":"10.9.0.0/24","flags":[]},{"dst":"10.100.200.1","dev":"tun0","scope":"link","flags":[]},{"dst":"default","dev":"tun0","flags":[]}]\n';
  const six = '[{"dst":"fd00:100::c8:1","dev":"tun0","metric":1024,"flags":[],"pref":"medium"}]';

  test("is read for both families", () => {
    expect(kernelRoutesIn(four, 4)).toEqual({
      value: [
        { destination: "10.9.0.0/24", device: null, type: "blackhole" },
        { destination: "10.100.200.1/32", device: "tun0", type: null },
        { destination: "0.0.0.0/0", device: "tun0", type: null },
      ],
    });
    expect(kernelRoutesIn(six, 6)).toEqual({
      value: [{ destination: "fd00:100::c8:1/128", device: "tun0", type: null }],
    });
    expect(kernelRoutesIn("", 4)).toEqual({ value: [] });
  });

  test.each([
    "[",
    "{}",
    "[null]",
    '[{"dev":"tun0"}]',
    '[{"dst":"x","dev":"tun0"}]',
    '[{"dst":"10.0.0.1","dev":"a b"}]',
  ])("%s is refused", (json) => {
    expect(kernelRoutesIn(json, 4)).toHaveProperty("refused");
  });
});

describe("changes", () => {
  const to = (destination: string, device = "tun0") => ({ destination, device });
  const there = (destination: string, device: string | null = "tun0", type: string | null = null) => ({
    destination,
    device,
    type,
  });

  test("delete what is not wanted, then add what is missing, and leave what is right", () => {
    const wanted = [to("10.1.0.1/32"), to("10.1.0.2/32"), to("fd00::1/128"), to("10.1.0.4/32")];
    const present = [
      there("10.1.0.1/32"),
      there("10.1.0.2/32", "tun9"),
      there("10.1.0.3/32"),
      there("10.1.0.4/32", null, "blackhole"),
    ];
    expect(routeChanges(wanted, present).map((words) => words.join(" "))).toEqual([
      "route del 10.1.0.2/32 dev tun9 proto 111",
      "route del 10.1.0.3/32 dev tun0 proto 111",
      "route del blackhole 10.1.0.4/32 proto 111",
      "route add 10.1.0.2/32 dev tun0 proto 111",
      "route add fd00::1/128 dev tun0 proto 111",
      "route add 10.1.0.4/32 dev tun0 proto 111",
    ]);
  });

  test("lead from anything to what is wanted, and there they end", () => {
    const destination = fc.nat({ max: 9 }).map((number) => `10.1.0.${number}/32`);
    const route = fc.record({ destination, device: fc.constantFrom("tun0", "tun9") });
    const distinct = fc.uniqueArray(route, { selector: (one) => one.destination });
    fc.assert(
      fc.property(distinct, distinct, (wanted, routes) => {
        const kernel = new Map<string, KernelRoute>(
          routes.map((one) => [one.destination, { ...one, type: null }]),
        );
        for (const [, verb, place = "", , device = ""] of routeChanges(wanted, [...kernel.values()])) {
          // The kernel has one route to a place, and takes no other.
          expect(kernel.has(place)).toBe(verb === "del");
          if (verb === "del") kernel.delete(place);
          else kernel.set(place, { destination: place, device, type: null });
        }
        expect(routeChanges(wanted, [...kernel.values()])).toEqual([]);
        expect(kernel.size).toBe(wanted.length);
      }),
    );
  });
});

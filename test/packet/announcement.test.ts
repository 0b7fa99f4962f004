import { expect, test } from "vitest";
import { announcement } from "../../src/packet/announcement.js";

const mac = "02:68:66:00:00:01";

test("an IPv4 address is announced as its holder asks everybody for it", () => {
  expect(announcement(4, "10.0.1.100", mac, true)?.toString("hex")).toBe(
    ["ffffffffffff0268660000010806", "0001080006040001", "0268660000010a000164", "0000000000000a000164"].join(
      "",
    ),
  );
});

test("an IPv6 address is announced to all nodes, and takes the place of what they knew", () => {
  const frame = announcement(6, "fd00:1::100", mac, false)?.toString("hex") ?? "";
  expect(frame.slice(0, 28)).toBe("33330000000102686600000186dd");
  expect(frame).toMatch(/8800[0-9a-f]{4}20000000fd000001000000000000000000000100/);
  expect(frame.endsWith("0201026866000001")).toBe(true);
});

test("a router says that it is one: it would be struck off the default routers otherwise", () => {
  const frame = announcement(6, "fd00:1::100", mac, true)?.toString("hex") ?? "";
  expect(frame).toMatch(/8800[0-9a-f]{4}a0000000fd00/);
});

test("a device that is no Ethernet announces nothing", () => {
  expect(announcement(4, "10.0.1.100", "", true)).toBeNull();
});

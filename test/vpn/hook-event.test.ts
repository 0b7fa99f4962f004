import fc from "fast-check";
import { expect, test } from "vitest";
import { hookEvent } from "../../src/vpn/hook-event.js";

const lines = (variables: Readonly<Record<string, string | undefined>>): string =>
  Object.entries(variables)
    .flatMap(([key, value]) => (value === undefined ? [] : [`${key}=${value}\n`]))
    .join("");

const login = {
  common_name: "host1",
  time_unix: "1796011498",
  trusted_ip: "192.0.2.11",
  trusted_port: "44553",
  ifconfig_pool_remote_ip: "10.100.200.1",
  ifconfig_pool_remote_ip6: "fd00:100::c8:1",
};
const connect = { script_type: "client-connect", ...login };
const learn = { script_type: "learn-address", ...login, operation: "add", address: "10.100.210.0/24" };
const session = { name: "host1", since: 1796011498, from: "192.0.2.11:44553" };
const learned = (destination: string) => ({ value: { kind: "learn", session, destination } });

test.each([
  [
    "a login",
    connect,
    {
      value: { kind: "connect", login: { session, destinations: ["10.100.200.1/32", "fd00:100::c8:1/128"] } },
    },
  ],
  ["an end", { ...connect, script_type: "client-disconnect" }, { value: { kind: "disconnect", session } }],
  ["a network behind a client", learn, learned("10.100.210.0/24")],
  [
    "an address that was another's",
    { ...learn, operation: "update", address: "fd00:100::c8:1" },
    learned("fd00:100::c8:1/128"),
  ],
  ["a hardware address", { ...learn, address: "02:00:00:00:00:01@0" }, { value: null }],
  [
    "an address that is forgotten",
    { script_type: "learn-address", operation: "delete", address: "10.1.2.3" },
    { value: null },
  ],
])("%s is told", (_, variables, event) => {
  expect(hookEvent(lines(variables))).toEqual(event);
});

test("a client that comes over IPv6 is known without its port, as in a snapshot", () => {
  const six = { ...connect, trusted_ip: undefined, trusted_ip6: "2001:DB8:0::11" };
  expect(hookEvent(lines(six))).toMatchObject({ value: { login: { session: { from: "2001:db8::11" } } } });
});

test.each([
  ["nothing", "", "cut short"],
  ["what is cut short", lines(connect).slice(0, -1), "cut short"],
  ["more than a hook says", `${"a=b\n".repeat(3_000)}`, "longer than any hook's words"],
  ["another hook", lines({ ...connect, script_type: "tls-verify" }), "no hook that is known"],
  ["a variable twice", `${lines(connect)}common_name=b\n`, "common_name twice"],
  ["what is no variable", `${lines(connect)}\n`, "not lines of KEY=VALUE"],
  ["a control character", lines({ ...connect, common_name: "a\tb" }), "not lines of KEY=VALUE"],
  ["a login of nobody", lines({ ...connect, common_name: "" }), "client-connect without a session"],
  ["one at no time", lines({ ...connect, time_unix: "-1" }), "client-connect without a session"],
  ["one from nowhere", lines({ ...connect, trusted_ip: "x" }), "client-connect without a session"],
  ["an address of nobody", lines({ ...learn, common_name: undefined }), "learn-address without a session"],
  ["no address", lines({ ...learn, address: undefined }), "learn-address without an address"],
  [
    "an address of which nothing is said",
    lines({ ...learn, operation: "lose" }),
    "learn-address without its operation",
  ],
])("%s is refused", (_, text, refused) => {
  expect(hookEvent(text)).toEqual({ refused });
});

test("whatever comes, it is an event or is refused", () => {
  const key = fc.constantFrom(...Object.keys(learn), "x");
  const line = fc.tuple(key, fc.string()).map(([name, value]) => `${name}=${value}\n`);
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.array(line).map((all) => all.join("")),
      ),
      (text) => {
        const event = hookEvent(text);
        expect("refused" in event || event.value === null || event.value.kind.length > 0).toBe(true);
      },
    ),
  );
});

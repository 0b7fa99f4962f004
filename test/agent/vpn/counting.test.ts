import { expect, test } from "vitest";
import { Counting } from "../../../src/agent/vpn/counting.js";
import { Clients } from "../../../src/vpn/clients.js";
import { clientHeader, routeHeader } from "../../vpn/recorded.js";

const lines = [
  clientHeader,
  "CLIENT_LIST\thost1\t192.0.2.1:1194\t10.100.200.1\t\t0\t0\tthen\t1700000000\tUNDEF\t1\t0\tnone",
  routeHeader,
  "ROUTING_TABLE\t10.100.200.1\thost1\t192.0.2.1:1194\tthen\t1700000000",
  "END",
];

/** @param heard ends when what hooks said is heard */
function counting(heard: Promise<void>) {
  const clients = new Clients();
  return {
    clients,
    counting: new Counting({
      ...{ clients, tap: false, ask: async () => ({ lines }), heard: () => heard },
      ...{ isOver: () => false, stuck: () => undefined },
    }),
  };
}

test("whoever is in OpenVPN's table is there", async () => {
  const { clients, counting: of } = counting(Promise.resolve());
  expect(await of.count()).toBeNull();
  expect([...clients.present.keys()]).toEqual(["10.100.200.1/32"]);
});

test("a table of before the connection ended says nothing any more", async () => {
  let go = () => {};
  const { clients, counting: of } = counting(
    new Promise<void>((done) => {
      go = done;
    }),
  );
  const count = of.count();
  await Promise.resolve();
  of.forget();
  go();
  expect(await count).toBeUndefined();
  expect([...clients.present.keys()]).toEqual([]);
});

import { expect, test } from "vitest";
import { deletions } from "../../../src/agent/lost-servers/deletions.js";
import { serviceNamed } from "../../../src/topology/select.js";
import { exampleCluster } from "../../render/examples.js";

test("what leaves the table came by the service's own address or one captured for it, and went to that server", () => {
  const cluster = exampleCluster("campus-routed");
  const service = serviceNamed(cluster, "openflow");
  const server = service.servers.find(({ name }) => name === "c2");
  const each = server === undefined ? [] : deletions(cluster, { service, server });
  expect(each.map((argv) => argv.join(" "))).toEqual([
    "conntrack -D -f ipv4 -p tcp --orig-dst 10.0.1.100 --orig-port-dst 6653 --reply-src 10.0.2.12 --reply-port-src 6653",
    "conntrack -D -f ipv4 -p tcp --orig-dst 10.0.2.10 --orig-port-dst 6653 --reply-src 10.0.2.12 --reply-port-src 6653",
  ]);
});

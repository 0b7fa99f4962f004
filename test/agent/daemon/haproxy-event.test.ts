import { expect, test } from "vitest";
import { haproxyEvent } from "../../../src/agent/daemon/haproxy-event.js";
import { campus } from "../../drill/campus.js";

const [service] = campus.services;
if (!service) throw new Error("the campus has no service");
const cluster = (...modes: ("proxy" | "nat")[]) => ({
  ...campus,
  services: modes.map((mode) => ({ ...service, mode })),
});

test("where sessions pass without HAProxy it is told that nobody checks the servers, and that they are checked again", () => {
  expect(haproxyEvent(cluster("nat"), false)).toMatchObject({
    kind: "server",
    text: "HAProxy does not answer: nobody checks the servers of nat services",
  });
  expect(haproxyEvent(cluster("nat"), true)?.text).toMatch(/^HAProxy answers again/);
});

test("where it carries sessions its loss is a fault, and is told as one", () => {
  expect(haproxyEvent(cluster("proxy", "nat"), false)).toBeNull();
  expect(haproxyEvent(cluster(), false)).toBeNull();
});

import { afterAll, beforeAll, expect, test } from "vitest";
import { mayUse, type Role } from "../../../src/api/identity.js";
import type { Route } from "../../../src/api/route.js";
import { routes } from "../../../src/api/routes.js";
import type { Bundle } from "../../../src/pki/bundle.js";
import { secureContextOf } from "../../../src/pki/policy.js";
import { Cluster } from "./cluster.js";
import { askSocket, askTls } from "./raw.js";

const roles: readonly Role[] = ["viewer", "operator", "node"];
const table: readonly [string, Route][] = Object.entries(routes);
const cluster = new Cluster();
const bundles = new Map<Role, Bundle>();

beforeAll(async () => {
  await cluster.start({ isPeer: () => true });
  for (const role of roles) bundles.set(role, await cluster.issue(`the-${role}`, role));
});
afterAll(() => cluster.stop());

const asking = ({ method, path }: Route) => ({ method, path: path.replace(/:\w+/g, "1") });
/** A request that is let in is answered, or is refused for what it lacks. */
const letIn = (status: number) => status === 200 || status === 400;

test.each(table)("%s is for its role, and for nobody below", async (_name, route) => {
  for (const role of roles) {
    const bundle = bundles.get(role);
    if (bundle === undefined) throw new Error(role);
    const { status, body } = await askTls(cluster.port, secureContextOf(bundle), asking(route));
    const may = route.role === null || mayUse(role, route.role);
    expect(letIn(status), `${role}: ${status} ${body}`).toBe(may);
    if (!may) {
      expect(status).toBe(403);
      expect(body).toContain(`the-${role} is `);
    }
  }
});

test.each(table)("root may use %s through the socket, without a certificate", async (_name, route) => {
  const { status } = await askSocket(cluster.socket, asking(route));
  expect(letIn(status)).toBe(true);
});

test("without a certificate only the two questions of a load balancer's health check are answered", async () => {
  const answered = [];
  const { ca } = secureContextOf(bundles.get("viewer") as Bundle);
  for (const [name, route] of table) {
    // One at a time and slowly: somebody without a certificate may ask five times a second.
    const { status, body } = await askTls(cluster.port, { ca }, asking(route));
    if (letIn(status)) answered.push(name);
    else if (status === 401)
      expect(JSON.parse(body).error).toContain("show a certificate of the cluster campus");
    else expect(status).toBe(429);
  }
  expect(answered).toEqual(["health", "ready"]);
});

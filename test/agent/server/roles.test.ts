import { afterAll, beforeAll, expect, test } from "vitest";
import { mayUse, type Role } from "../../../src/api/identity.js";
import type { Route } from "../../../src/api/route.js";
import { routes } from "../../../src/api/routes.js";
import type { Bundle } from "../../../src/pki/bundle.js";
import { secureContextOf } from "../../../src/pki/policy.js";
import { Browser } from "./browser.js";
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

test.each(["viewer", "operator"] as const)(
  "a session of a(n) %s may change what its role may, and nothing else",
  async (role) => {
    const browser = new Browser(cluster);
    await browser.signIn(bundles.get(role) ?? null);
    const allowed: string[] = [];
    for (const [name, route] of table) {
      // A code is for whoever shows a certificate; what ends the session comes last.
      if (route.method === "GET" || ["signInCode", "signOut"].includes(name)) continue;
      const { method, path } = asking(route);
      const { status, body } = await browser.page(method, path);
      expect(letIn(status), `${name}: ${status} ${body}`).toBe(
        route.role === null || mayUse(role, route.role),
      );
      if (letIn(status)) allowed.push(name);
    }
    expect((await browser.page("DELETE", "/v1/session")).status).toBe(200);
    browser.close();
    // What only looks adds nothing to what others are shown.
    if (role === "viewer") expect(allowed).toEqual(["signIn"]);
    else expect(allowed).toContain("apply");
  },
);

test("without a certificate a health check's two questions are answered, and those of a browser that is to sign in", async () => {
  const answered = [];
  const { ca } = secureContextOf(bundles.get("viewer") as Bundle);
  for (const [index, [name, route]] of table.entries()) {
    // Each from another address: somebody without a certificate may ask five times a second.
    const options = { ...asking(route), localAddress: `127.0.1.${index + 1}` };
    const { status, body } = await askTls(cluster.port, { ca }, options);
    if (letIn(status)) answered.push(name);
    else
      expect([status, JSON.parse(body).error]).toEqual([
        401,
        expect.stringContaining("show a certificate of the cluster campus"),
      ]);
  }
  expect(answered).toEqual(["health", "ready", "signIn", "session"]);
});

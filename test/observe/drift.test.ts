import { beforeEach, describe, expect, test } from "vitest";
import { generationPaths } from "../../src/deploy/generation.js";
import { observeDrift, ruleDeviations, saveAllRules } from "../../src/observe/drift.js";
import { readKept } from "../../src/observe/kept-generation.js";
import { paths } from "../../src/render/paths.js";
import { deploy } from "../deploy/deploying.js";
import { NodeInMemory } from "../deploy/node-in-memory.js";
import { pair } from "../deploy/topologies.js";

let node: NodeInMemory;
beforeEach(async () => {
  node = new NodeInMemory("lb-a");
  await deploy(node, pair);
});

const edit = (path: string, from: string, to: string): void => {
  const file = node.files.get(path);
  if (!file?.body.includes(from)) throw new Error(`${path} has no ${from}`);
  file.body = file.body.replace(from, to);
};

test("a node that stands as it was applied has no drift, and one without a generation neither", async () => {
  expect(await observeDrift(node)).toEqual([]);
  expect(await observeDrift(new NodeInMemory("lb-b"))).toEqual([]);
});

describe("files", () => {
  test("that were edited, removed or given to others are shown as a diff from the generation", async () => {
    edit(paths.haproxyCfg, "global", "global # mine");
    node.files.delete(paths.keepalivedConf);
    const rules = node.files.get(paths.rulesV4);
    if (rules) rules.mode = 0o666;
    expect(await observeDrift(node)).toMatchObject(
      [
        {
          kind: "file",
          what: paths.haproxyCfg,
          diff: expect.stringMatching(/\n-global\n\+global # mine\n/),
          sentence: `${paths.haproxyCfg} was changed by hand`,
        },
        {
          what: paths.rulesV4,
          diff: expect.stringContaining("old mode 0640 root:root\nnew mode 0666 root:root\n"),
        },
        {
          what: paths.keepalivedConf,
          diff: expect.stringContaining("+++ /dev/null\n"),
          sentence: `${paths.keepalivedConf} is missing`,
        },
      ].sort((a, b) => (a.what < b.what ? -1 : 1)),
    );
  });

  test("whose copy in the generation was touched are not vouched for by anybody", async () => {
    const copy = `${await node.linked(generationPaths.current)}/files${paths.haproxyCfg}`;
    edit(copy, "global", "global # evil");
    expect(await observeDrift(node)).toMatchObject([
      {
        what: paths.haproxyCfg,
        diff: "",
        sentence: expect.stringContaining("the generation's copy is not what was rendered"),
      },
    ]);
  });

  test("that became gigabytes are not read", async () => {
    const read = node.read.bind(node);
    node.status = async () => ({ mode: 0o640, user: "root", group: "root", size: 3e9 });
    node.read = async (path) => (path === paths.haproxyCfg ? Promise.reject(new Error("read")) : read(path));
    expect((await observeDrift(node)).find(({ what }) => what === paths.haproxyCfg)?.sentence).toBe(
      `${paths.haproxyCfg} cannot be compared: it has 3000000000 bytes`,
    );
  });
});

describe("the kernel", () => {
  const rules = async () => {
    const kept = await readKept(node);
    return kept === null ? [] : ruleDeviations(kept, await saveAllRules(node));
  };

  test("its rules are shown as a diff of our chains, a family at a time", async () => {
    expect(await rules()).toEqual([]);
    node.netfilter[4].restore("*filter\n-A HOLDFAST-INPUT -s 203.0.113.9/32 -j ACCEPT\nCOMMIT\n", {
      test: false,
    });
    expect(await rules()).toMatchObject([
      {
        kind: "rules",
        what: "IPv4",
        diff: expect.stringContaining("\n+-A HOLDFAST-INPUT -s 203.0.113.9/32 -j ACCEPT\n"),
        sentence: "the kernel has 1 rule that nobody rendered (IPv4)",
      },
    ]);
  });

  test("others' rules are never drift", async () => {
    node.netfilter[4].restore("*filter\n-A INPUT -s 203.0.113.9/32 -j ACCEPT\nCOMMIT\n", { test: false });
    expect(await rules()).toEqual([]);
  });

  test("a setting and a link's MTU are told one by one, with what they should be", async () => {
    node.settings.set("net.ipv4.ip_forward", "0");
    expect(await observeDrift(node)).toEqual([
      {
        kind: "setting",
        what: "net.ipv4.ip_forward",
        diff: "--- generation\n+++ kernel\n@@ -1,1 +1,1 @@\n-net.ipv4.ip_forward = 1\n+net.ipv4.ip_forward = 0\n",
        sentence: "net.ipv4.ip_forward is 0 instead of 1",
      },
    ]);
  });

  test("a route of ours that nobody rendered, and the lost way back of transparent sessions, are drift", async () => {
    node.routes.set("198.51.100.0/24", { gateway: "10.0.1.9", dev: "eth1" });
    node.wayBack.delete(4);
    expect((await observeDrift(node)).map(({ kind, sentence }) => [kind, sentence])).toEqual([
      ["route", "the kernel has a route that nobody rendered: 198.51.100.0/24 via 10.0.1.9 dev eth1"],
      ["route", "the kernel lacks the way back of transparent IPv4 sessions"],
    ]);
  });
});

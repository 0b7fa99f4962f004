import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { registerRender } from "../../src/cli/render.js";
import { paths } from "../../src/render/paths.js";
import { examplePath, run } from "./run.js";

describe("holdfast render", () => {
  let out: string;
  beforeEach(async () => {
    out = await mkdtemp(join(tmpdir(), "holdfast-render-"));
  });
  afterEach(() => rm(out, { recursive: true, force: true }));

  const render = (example: string, ...options: string[]) =>
    run(registerRender, "render", "-f", examplePath(example), "--out", out, ...options);

  test("writes every node's files with their modes, and names them", async () => {
    const { stdout, exitCode } = await render("pair");
    expect(exitCode).toBe(0);
    expect((await readdir(out)).sort()).toEqual([".holdfast-render", "lb-a", "lb-b"]);
    const file = join(out, "lb-b", paths.keepalivedConf);
    expect(stdout).toContain(`${file}\n`);
    expect((await stat(file)).mode & 0o777).toBe(0o640);
    expect((await stat(join(out, "lb-b", paths.networkUnit))).mode & 0o777).toBe(0o644);
  });

  test("writes the same bytes again, and nothing of an earlier topology stays", async () => {
    await render("dual-stack");
    await render("pair");
    const once = await readFile(join(out, "lb-a", paths.haproxyCfg), "utf8");
    await render("pair");
    expect(await readFile(join(out, "lb-a", paths.haproxyCfg), "utf8")).toBe(once);
    expect(await readdir(out)).not.toContain("lb-c");
  });

  test("leaves a directory alone that holds anything else", async () => {
    await writeFile(join(out, "notes.txt"), "mine");
    const { stderr, exitCode } = await render("pair");
    expect(exitCode).toBe(1);
    expect(stderr).toContain("holds files that holdfast did not write (notes.txt)");
    expect(await readdir(out)).toEqual(["notes.txt"]);
  });

  test("never removes what a tampered marker names", async () => {
    await writeFile(join(out, ".holdfast-render"), "../precious\n..\n");
    expect((await render("pair")).exitCode).toBe(0);
    expect((await stat(join(out, ".."))).isDirectory()).toBe(true);
  });

  test("renders one node, as a versioned document where it is asked for", async () => {
    const { stdout } = await render("pair", "--node", "lb-a", "--json");
    const document = JSON.parse(stdout);
    expect(document).toMatchObject({ schema: "holdfast/render/v1", cluster: "campus", out });
    expect(document.files[0]).toEqual({
      ...{ node: "lb-a", path: paths.conntrackdConf, file: join(out, "lb-a", paths.conntrackdConf) },
      ...{ mode: "0640", owner: "root:root" },
    });
    expect(await readdir(out)).not.toContain("lb-b");
  });

  test("makes the files for the engines of the distribution that is named, and of no other", async () => {
    const file = join(out, "lb-a", paths.haproxyCfg);
    await render("dual-stack", "--engines", "debian-13");
    expect(await readFile(file, "utf8")).toContain("    setcap cap_net_admin\n");
    await render("dual-stack");
    expect(await readFile(file, "utf8")).not.toContain("setcap");
    await expect(render("dual-stack", "--engines", "debian-11")).rejects.toThrow(
      "Allowed choices are debian-12, ubuntu-24.04, debian-13",
    );
  });

  test("writes the files of VPN servers as those of nodes", async () => {
    await render("overlay", "--node", "vpn-b");
    expect((await readdir(out)).filter((name) => !name.startsWith("."))).toEqual(["vpn-b"]);
    expect(await readFile(join(out, "vpn-b/etc/openvpn/server/overlay.conf"), "utf8")).toContain(
      "management 127.0.0.1 5656\n",
    );
    const { stderr, exitCode } = await render("overlay", "--node", "lb-a");
    expect({ stderr, exitCode }).toEqual({
      stderr: "holdfast: there is no node lb-a; the VPN servers are vpn-a, vpn-b\n",
      exitCode: 1,
    });
  });

  test("says which nodes there are when it is asked for another", async () => {
    const { stderr, exitCode } = await render("pair", "--node", "lb-z");
    expect(exitCode).toBe(1);
    expect(stderr).toContain("there is no node lb-z; the nodes are lb-a, lb-b");
  });
});

import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { registerImport } from "../../src/cli/import.js";
import { registerValidate } from "../../src/cli/validate.js";
import { pairsRoot } from "../import/pairs.js";
import { run } from "./run.js";

describe("holdfast import", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "holdfast-import-"));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const file = (pair: string, name: string): string => join(pairsRoot, pair, name);
  const expert = [
    ...["--keepalived", file("expert", "a.conf"), "--keepalived", file("expert", "b.conf")],
    ...["--haproxy", file("expert", "haproxy.cfg")],
  ];

  test("what it writes for a pair that says everything passes 'holdfast validate'", async () => {
    const out = join(folder, "topology.yaml");
    const { stdout, exitCode } = await run(registerImport, "import", ...expert, "--out", out);
    expect(exitCode).toBe(0);
    expect(stdout).toContain(`${file("expert", "haproxy.cfg")}:11  bind at every address, port 6653: `);
    expect(stdout).toContain(`${out} is valid`);
    expect((await run(registerValidate, "validate", out)).exitCode).toBe(0);
  });

  test("the topology goes to standard output and the list to standard error, so that a pipe gets the topology alone", async () => {
    const { stdout, stderr } = await run(registerImport, "import", ...expert);
    expect(stdout).toBe(await readFile(file("expert", "topology.golden"), "utf8"));
    expect(stderr).toMatch(/^LOOK: /m);
  });

  test("a file that is there is overwritten only with --force", async () => {
    const out = join(folder, "topology.yaml");
    await writeFile(out, "mine");
    const refused = await run(registerImport, "import", ...expert, "--out", out);
    expect(refused.exitCode).toBe(1);
    expect(refused.stderr).toContain("overwrite it with --force");
    expect(await readFile(out, "utf8")).toBe("mine");
    expect((await run(registerImport, "import", ...expert, "--out", out, "--force")).exitCode).toBe(0);
  });

  test("a versioned document has the topology, whether it is valid, and each finding with its place", async () => {
    const { stdout, exitCode } = await run(
      ...([registerImport, "import", "--keepalived", file("web", "a.conf")] as const),
      ...["--haproxy", file("web", "haproxy.cfg"), "--json"],
    );
    expect(exitCode).toBe(0);
    const document = JSON.parse(stdout);
    expect(document).toMatchObject({ schema: "holdfast/import/v1", file: null, valid: true });
    expect(document.findings).toContainEqual({
      ...{ file: file("web", "a.conf"), line: 59, kind: "replaced", what: "authentication", cure: "" },
      why: "VRRPv3 has none (RFC 9568, 9): adverts are only let in from the peers' addresses",
    });
  });

  test("files that make no topology end with 1 and the reason", async () => {
    const haproxy = file("web", "haproxy.cfg");
    const { stdout, stderr, exitCode } = await run(registerImport, "import", "--keepalived", haproxy);
    expect(exitCode).toBe(1);
    expect(stdout).toBe("");
    expect(stderr).toContain(`holdfast: ${haproxy}: there is no vrrp_instance with a virtual IP`);
  });

  test("without a file it says what is missing and how it is called", async () => {
    for (const options of [[], ["--haproxy", file("web", "haproxy.cfg")]]) {
      const { stdout, stderr, exitCode } = await run(registerImport, "import", ...options);
      expect(exitCode).toBe(1);
      expect(stdout).toBe("");
      expect(stderr).toMatch(
        /^holdfast: import needs at least one node's keepalived.conf: holdfast import --keepalived FILE/,
      );
    }
  });

  test("a file that cannot be read is named", async () => {
    const missing = join(folder, "keepalived.conf");
    const { stderr, exitCode } = await run(registerImport, "import", "--keepalived", missing);
    expect(exitCode).toBe(1);
    expect(stderr).toContain(`cannot read ${missing} (ENOENT)`);
  });
});

import { chmod, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execaSync } from "execa";
import { describe, expect, it } from "vitest";
import { few, isThorough } from "../thorough.js";
import { type Deployment, inDeployment } from "./deployment.js";

/** What differs from another test here by little: for `npm run soak`. */
const another = it.runIf(isThorough);

const playbooks = ["site.yml", "upgrade.yml", "drill.yml", "remove.yml"];
const tasks = "ansible/roles/holdfast/tasks";
const pair = "examples/pair.yaml";

const lint = ({ run, directory }: Deployment, folder: string) =>
  run(folder, ["ansible-lint", "--offline", "--nocolor", "-c", join(directory, "ansible/.ansible-lint")]);

const syntax = ({ run, directory }: Deployment, folder: string, playbook: string) =>
  run(folder, [
    "ansible-playbook",
    "--syntax-check",
    "-i",
    join(directory, "ansible/inventory/holdfast.yml"),
    playbook,
  ]);

const variables = ({ directory }: Deployment) => ({
  holdfast_topology: join(directory, pair),
  holdfast_package: join(directory, "holdfast_0.2.0_all.deb"),
  holdfast_pki: join(directory, "pki"),
  holdfast_program: join(directory, "holdfast"),
  holdfast_command: [join(directory, "holdfast")],
  holdfast_etc: join(directory, "etc"),
});

/** This machine in place of whichever is named. */
const local = { ansible_connection: "local", ansible_python_interpreter: "/usr/bin/python3" };

/** A check run on this machine in place of the topology's nodes. Nothing is changed. */
const checkRun = (deployment: Deployment, playbook: string, changes: object = {}) =>
  wholeRun(deployment, playbook, changes, ["--check"]);

async function wholeRun(
  deployment: Deployment,
  playbook: string,
  changes: object,
  options: readonly string[] = [],
): Promise<{ exitCode: number; said: string }> {
  const { run, directory } = deployment;
  const extra = JSON.stringify({ ...local, ...variables(deployment), ...changes });
  const argv = ["-i", join(directory, pair), ...options, "--extra-vars", extra, playbook] as const;
  return run("ansible", ["ansible-playbook", ...argv], { PATH: `${directory}:${process.env.PATH}` });
}

/** Programs that the playbooks ask, with what they say here; they note what they were asked. */
async function standIn({ directory }: Deployment, programs: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, answer] of Object.entries(programs)) {
    const path = join(directory, name);
    await writeFile(`${path}.answer`, answer);
    await writeFile(path, `#!/bin/sh\necho "$*" >> "$0.asked"\ncat "$0.answer"\n`);
    await chmod(path, 0o755);
  }
}

/** A host that has the devices of the pair, nothing of holdfast, and a package for it at hand. */
async function bareHost(deployment: Deployment): Promise<void> {
  await writeFile(join(deployment.directory, "holdfast_0.2.0_all.deb"), "");
  await standIn(deployment, { "dpkg-query": "", holdfast: "" });
}

/** A host that runs this version and a topology. */
async function servingHost(deployment: Deployment, version: string): Promise<void> {
  await bareHost(deployment);
  await standIn(deployment, { "dpkg-query": `installed ${version}`, holdfast: JSON.stringify(well) });
  await mkdir(join(deployment.directory, "etc"));
  await writeFile(join(deployment.directory, "etc/node.json"), "{}");
}

/** `holdfast status --json` of a pair whose second node is active; the filter's own tests have whole ones. */
const well = {
  schema: "holdfast/status/v1",
  healthy: true,
  redundant: true,
  trial: null,
  virtual_ips: [{ address: "10.0.1.100", owners: ["lb-b"] }],
  nodes: [
    { name: "lb-a", role: "standby", healthy: true, generation: { number: 1, digest: "a" }, report: {} },
    { name: "lb-b", role: "active", healthy: true, generation: { number: 1, digest: "a" }, report: {} },
  ],
};

/** A play of the role alone, in an inventory of the ordinary kind. */
async function roleRun(deployment: Deployment, changes: object = {}) {
  const { run, directory } = deployment;
  await writeFile(join(directory, "ansible/play.yml"), "- hosts: all\n  roles: [{ role: holdfast }]\n");
  const extra = { ansible_python_interpreter: "/usr/bin/python3", ...variables(deployment), ...changes };
  const argv = [
    "--check",
    "--connection=local",
    "--inventory=lb-a,",
    "--extra-vars",
    JSON.stringify(extra),
  ] as const;
  return run("ansible", ["ansible-playbook", ...argv, "play.yml"], {
    PATH: `${directory}:${process.env.PATH}`,
  });
}

describe("the playbooks", () => {
  it.each(["ansible", "vagrant"])("of %s pass ansible-lint's production profile", (folder) =>
    inDeployment(async (deployment) => {
      const { exitCode, said } = await lint(deployment, folder);
      expect(said).toContain("Passed with production profile: 0 failure(s), 0 warning(s)");
      expect(exitCode).toBe(0);
    }),
  );

  another("are refused by ansible-lint when a task uses a shell where a command would do", () =>
    inDeployment(async (deployment) => {
      const from = "ansible.builtin.wait_for:\n    path: /run/holdfast/agent.sock\n    timeout: 30";
      await deployment.edit(`${tasks}/agent.yml`, from, "ansible.builtin.shell: ls");
      const { exitCode, said } = await lint(deployment, "ansible");
      expect(said).toContain("command-instead-of-shell");
      expect(exitCode).not.toBe(0);
    }),
  );

  it.each([...playbooks.map((playbook) => ["ansible", playbook]), ["vagrant", "site.yml"]])(
    "%s/%s passes Ansible's own syntax check",
    (folder, playbook) =>
      inDeployment(async (deployment) => {
        expect(await syntax(deployment, folder, playbook)).toMatchObject({ exitCode: 0 });
      }),
  );

  it("are refused by the syntax check when a module does not exist", () =>
    inDeployment(async (deployment) => {
      await deployment.edit(`${tasks}/package.yml`, "ansible.builtin.apt:", "ansible.builtin.atp:");
      const { exitCode, said } = await syntax(deployment, "ansible", "site.yml");
      expect(said).toContain("ansible.builtin.atp");
      expect(exitCode).not.toBe(0);
    }));
});

describe("the role, before it changes anything,", () => {
  another("asks for the package when the inventory does not name one", () =>
    inDeployment(async (deployment) => {
      await bareHost(deployment);
      const { exitCode, said } = await roleRun(deployment, { holdfast_package: null });
      expect(said).toMatch(/holdfast_package/);
      expect(exitCode).toBe(2);
    }),
  );

  const packages: [string, string, RegExp][] = [
    [
      "that is not there",
      "holdfast_0.9.0_all.deb",
      /is no file named holdfast_VERSION_ARCHITECTURE.deb: make it with/,
    ],
    ["of another name", "examples/pair.yaml", /is no file named holdfast_VERSION_ARCHITECTURE.deb/],
    [
      "for another machine",
      "holdfast_0.2.0_m68k.deb",
      /lb-a is of the architecture \w+, and holdfast_0.2.0_m68k.deb is for another machine: run ''npm run package''/,
    ],
  ];
  it.each(few(packages, packages.slice(0, 1)))("refuses a package %s", (_, name, reason) =>
    inDeployment(async (deployment) => {
      await bareHost(deployment);
      await writeFile(join(deployment.directory, "holdfast_0.2.0_m68k.deb"), "");
      const { exitCode, said } = await roleRun(deployment, {
        holdfast_package: join(deployment.directory, name),
      });
      expect(said).toMatch(reason);
      expect(exitCode).toBe(2);
    }),
  );

  another("refuses a host that the topology does not know", () =>
    inDeployment(async (deployment) => {
      await bareHost(deployment);
      await deployment.edit(pair, "name: lb-a", "name: somebody-else");
      const { exitCode, said } = await roleRun(deployment);
      expect(said).toContain("pair.yaml has no node named lb-a: give the host in the inventory the name");
      expect(exitCode).toBe(2);
    }),
  );

  another("names the devices that the topology has and the host has not", () =>
    inDeployment(async (deployment) => {
      await bareHost(deployment);
      await deployment.edit(pair, "device: eth1, address: 10.0.1.2", "device: no-such0, address: 10.0.1.2");
      const { exitCode, said } = await roleRun(deployment);
      expect(said).toMatch(/lb-a has no no-such0.*correct `device`/);
      expect(exitCode).toBe(2);
    }),
  );

  it("sends a node that serves with another version to upgrade.yml", () =>
    inDeployment(async (deployment) => {
      await servingHost(deployment, "0.1.0");
      const { exitCode, said } = await roleRun(deployment);
      expect(said).toMatch(/lb-a runs holdfast 0.1.0, and holdfast_0.2.0_all.deb is 0.2.0: run upgrade.yml/);
      expect(exitCode).toBe(2);
    }));

  it("refuses a node whose certificate is of another authority", () =>
    inDeployment(async (deployment) => {
      await bareHost(deployment);
      for (const device of ["eth1", "eth2", "eth3"]) await deployment.edit(pair, device, "lo");
      for (const [folder, text] of [
        ["etc/pki", "old"],
        ["pki/lb-a", "new"],
      ] as const) {
        await mkdir(join(deployment.directory, folder), { recursive: true });
        for (const file of ["ca.crt", "identity.crt"])
          await writeFile(join(deployment.directory, folder, file), text);
      }
      const { exitCode, said } = await roleRun(deployment);
      expect(said).toContain("lb-a has a certificate of another authority than the one in");
      expect(exitCode).toBe(2);
    }));
});

describe("a check run", () => {
  it("of site.yml on bare hosts says everything that it would do, and does nothing", () =>
    inDeployment(async (deployment) => {
      await bareHost(deployment);
      await deployment.edit(`${tasks}/preconditions.yml`, "holdfast_missing_devices | length == 0", "true");
      const { exitCode, said } = await checkRun(deployment, "site.yml");
      expect(said).toContain("holdfast none -> 0.2.0, with the engines it depends on");
      expect(said).toContain(`${deployment.directory}/pki/lb-b -> ${deployment.directory}/etc/pki`);
      expect(said).toContain("would be applied to lb-a and lb-b, for the first time");
      expect(said).toMatch(/lb-a : ok=\d+ changed=5 .*lb-b : ok=\d+ changed=2 /);
      expect(exitCode).toBe(0);
    }));

  it.runIf(isThorough)("of upgrade.yml takes the standby first, and says from which version to which", () =>
    inDeployment(async (deployment) => {
      await servingHost(deployment, "0.1.0");
      const { exitCode, said } = await checkRun(deployment, "upgrade.yml");
      expect(said).toMatch(
        /changed: \[lb-a\] => msg: holdfast 0.1.0 -> 0.2.0.*changed: \[lb-b\] => msg: holdfast 0.1.0 -> 0.2.0/,
      );
      expect(exitCode).toBe(0);
    }),
  );

  another("of upgrade.yml changes nothing where the version is there", () =>
    inDeployment(async (deployment) => {
      await servingHost(deployment, "0.2.0");
      const { exitCode, said } = await checkRun(deployment, "upgrade.yml");
      expect(said).not.toMatch(/changed=[1-9]/);
      expect(exitCode).toBe(0);
    }),
  );

  another("of upgrade.yml waits for the other nodes to be well, and says what is not", () =>
    inDeployment(async (deployment) => {
      await servingHost(deployment, "0.1.0");
      const [first, second] = well.nodes;
      const ill = { ...well, nodes: [first, { ...second, report: { unsettled: "behind lb-a" } }] };
      await standIn(deployment, { holdfast: JSON.stringify(ill) });
      const { exitCode, said } = await checkRun(deployment, "upgrade.yml", { holdfast_patience: 1 });
      expect(said).toContain("lb-b: behind lb-a. This node was left as it is.");
      expect(exitCode).toBe(2);
    }),
  );

  it("of drill.yml says which drills would be run with whom", () =>
    inDeployment(async (deployment) => {
      await servingHost(deployment, "0.2.0");
      const { exitCode, said } = await checkRun(deployment, "drill.yml", {
        holdfast_drills: "switchover, reboot",
      });
      expect(said).toContain("switchover, with lb-b active and lb-a standby");
      expect(said).toContain("reboot, with lb-b active and lb-a standby");
      expect(exitCode).toBe(0);
    }));

  another("of remove.yml takes the standby first", () =>
    inDeployment(async (deployment) => {
      await servingHost(deployment, "0.2.0");
      const { exitCode, said } = await checkRun(deployment, "remove.yml", { holdfast_really_remove: true });
      expect(said).toMatch(
        /changed: \[lb-a\] => msg: holdfast 0.2.0 -> none.*changed: \[lb-b\] => msg: holdfast 0.2.0 -> none/,
      );
      expect(exitCode).toBe(0);
    }),
  );
});

describe("the end of upgrade.yml", () => {
  const programs = (first: string, second: string) => {
    const [a, b] = well.nodes;
    const nodes = [
      { ...a, report: { program: first } },
      { ...b, report: { program: second } },
    ];
    return { holdfast: JSON.stringify({ ...well, nodes }) };
  };

  // dpkg says that the version is there already, so that nothing of this machine is changed.
  const upgraded = (deployment: Deployment) => wholeRun(deployment, "upgrade.yml", { holdfast_patience: 1 });

  another("is that each agent says that it is the version, and so are the others", () =>
    inDeployment(async (deployment) => {
      await servingHost(deployment, "0.2.0");
      await standIn(deployment, programs("0.2.0", "0.2.0"));
      const { exitCode, said } = await upgraded(deployment);
      for (const name of ["lb-a", "lb-b"]) expect(said).toContain(`${name}: every agent is holdfast 0.2.0`);
      expect(exitCode).toBe(0);
    }),
  );

  it.runIf(isThorough)("is an error where dpkg has the version and an agent was not started again", () =>
    inDeployment(async (deployment) => {
      await servingHost(deployment, "0.2.0");
      await standIn(deployment, programs("0.2.0", "0.1.0"));
      const { exitCode, said } = await upgraded(deployment);
      expect(said).toContain(
        "the agent of lb-b is 0.1.0 and not 0.2.0. Start an agent of another version again",
      );
      expect(exitCode).toBe(2);
    }),
  );
});

describe("where nobody names a package, the one in build/", () => {
  const here = execaSync("dpkg", ["--print-architecture"]).stdout;

  /** A check run of site.yml with empty packages of these names in build/. */
  async function chosenAmong(deployment: Deployment, ...names: string[]) {
    await bareHost(deployment);
    await deployment.edit(`${tasks}/preconditions.yml`, "holdfast_missing_devices | length == 0", "true");
    await mkdir(join(deployment.directory, "build"));
    for (const name of names) await writeFile(join(deployment.directory, "build", name), "");
    return checkRun(deployment, "site.yml", { holdfast_package: undefined });
  }

  it("is the newest, as dpkg orders versions, of those that suit the host", () =>
    inDeployment(async (deployment) => {
      const names = [
        `holdfast_0.1.0~git.99.bbbbbbbb_${here}.deb`,
        `holdfast_0.1.0~git.100.aaaaaaaa_${here}.deb`,
        "holdfast_0.1.0~git.98.cccccccc_all.deb",
        "holdfast_9.0.0_m68k.deb",
      ];
      const { exitCode, said } = await chosenAmong(deployment, ...names);
      expect(said).toContain("holdfast none -> 0.1.0~git.100.aaaaaaaa, with the engines");
      expect(exitCode).toBe(0);
    }));

  another("is found from vagrant/ too", () =>
    inDeployment(async (deployment) => {
      const { directory, run } = deployment;
      await chosenAmong(deployment, `holdfast_0.1.0~git.99.bbbbbbbb_${here}.deb`);
      const { holdfast_package: _, ...extra } = { ...variables(deployment), ...local, machines: {} };
      const options = ["-i", join(directory, pair), "--check", "-e", JSON.stringify(extra)];
      const { said } = await run("vagrant", ["ansible-playbook", ...options, "site.yml"], {
        ANSIBLE_INVENTORY_PLUGINS: join(directory, "ansible/inventory_plugins"),
        ANSIBLE_INVENTORY_ENABLED: "holdfast",
        PATH: `${directory}:${process.env.PATH}`,
      });
      expect(said).toContain("holdfast none -> 0.1.0~git.99.bbbbbbbb, with the engines");
    }),
  );

  another.each([
    ["where there is none", [], /has no package, which is no file named .*make it with ''npm run package''/],
    [
      "where it is for another machine",
      ["holdfast_9.0.0_m68k.deb"],
      /holdfast_9.0.0_m68k.deb is for another machine: run ''npm run package'' on a machine of that kind/,
    ],
  ])("is asked for %s", (_, names, reason) =>
    inDeployment(async (deployment) => {
      const { exitCode, said } = await chosenAmong(deployment, ...names);
      expect(said).toMatch(reason);
      expect(exitCode).toBe(2);
    }),
  );
});

describe("what breaks things on purpose", () => {
  it.each([
    ["remove.yml", {}, "If that is meant: -e holdfast_really_remove=true."],
    ["drill.yml", {}, "Name the drills, since they break things"],
    ["drill.yml", { holdfast_drills: "switchover,earthquake" }, "Name the drills, since they break things"],
  ])("has to be asked for: %s with %j", (playbook, said, reason) =>
    inDeployment(async (deployment) => {
      await servingHost(deployment, "0.2.0");
      const refused = await checkRun(deployment, playbook, said);
      expect(refused.said).toContain(reason);
      expect(refused.exitCode).toBe(2);
    }),
  );
});

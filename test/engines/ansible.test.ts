import { chmod, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type Deployment, inDeployment } from "./deployment.js";

const folders = ["ansible", "vagrant"];
const tasks = "ansible/roles/holdfast/tasks";
const pair = "examples/pair.yaml";

const lint = ({ run, directory }: Deployment, folder: string) =>
  run(folder, [
    "ansible-lint",
    "--offline",
    "--nocolor",
    "-c",
    join(directory, "ansible/.ansible-lint"),
    "site.yml",
  ]);

const syntax = ({ run, directory }: Deployment, folder: string) =>
  run(folder, [
    "ansible-playbook",
    "--syntax-check",
    "-i",
    join(directory, "ansible/inventory/pair.yml"),
    "site.yml",
  ]);

/** A check run of the role on this machine, as if it were lb-a of pair.yaml. Nothing is changed. */
async function checkRun(
  { run, directory }: Deployment,
  variables: object,
): Promise<{ exitCode: number; said: string }> {
  await writeFile(join(directory, "play.yml"), "- hosts: all\n  roles: [{ role: ansible/roles/holdfast }]\n");
  const extra = JSON.stringify({ ansible_python_interpreter: "/usr/bin/python3", ...variables });
  return run(
    ".",
    [
      "ansible-playbook",
      "--check",
      "--connection=local",
      "--inventory=lb-a,",
      "--extra-vars",
      extra,
      "play.yml",
    ],
    { PATH: `${directory}:${process.env.PATH}` },
  );
}

const variables = ({ directory }: Deployment) => ({
  holdfast_topology: join(directory, pair),
  holdfast_package: join(directory, "ansible/site.yml"),
  holdfast_pki: join(directory, "pki"),
});

/** The role looks whether there is one; agents look whether it is good. */
async function giveCertificate({ directory }: Deployment): Promise<void> {
  await mkdir(join(directory, "pki/lb-a"), { recursive: true });
  await writeFile(join(directory, "pki/lb-a/identity.crt"), "");
}

describe("the playbooks", () => {
  it.each(folders)("of %s pass ansible-lint's production profile", (folder) =>
    inDeployment(async (deployment) => {
      const { exitCode, said } = await lint(deployment, folder);
      expect(said).toContain("Passed with production profile: 0 failure(s), 0 warning(s)");
      expect(exitCode).toBe(0);
    }),
  );

  it("are refused by ansible-lint when a task uses a shell where a command would do", () =>
    inDeployment(async (deployment) => {
      await deployment.edit(
        `${tasks}/preconditions.yml`,
        "ansible.builtin.command: node",
        "ansible.builtin.shell: node",
      );
      const { exitCode, said } = await lint(deployment, "ansible");
      expect(said).toContain("command-instead-of-shell");
      expect(exitCode).not.toBe(0);
    }));

  it.each(folders)("of %s pass Ansible's own syntax check", (folder) =>
    inDeployment(async (deployment) => {
      expect(await syntax(deployment, folder)).toMatchObject({ exitCode: 0 });
    }),
  );

  it("are refused by the syntax check when a module does not exist", () =>
    inDeployment(async (deployment) => {
      await deployment.edit(`${tasks}/engines.yml`, "ansible.builtin.apt:", "ansible.builtin.atp:");
      const { exitCode, said } = await syntax(deployment, "ansible");
      expect(said).toContain("ansible.builtin.atp");
      expect(exitCode).not.toBe(0);
    }));
});

describe("the role, before it changes anything,", () => {
  it("asks for the package when the inventory does not name one", () =>
    inDeployment(async (deployment) => {
      const { exitCode, said } = await checkRun(deployment, {
        holdfast_topology: join(deployment.directory, pair),
        holdfast_pki: join(deployment.directory, "pki"),
      });
      expect(said).toContain("missing required arguments: holdfast_package");
      expect(exitCode).toBe(2);
    }));

  it("refuses a host that the topology does not know", () =>
    inDeployment(async (deployment) => {
      await deployment.edit(pair, "name: lb-a", "name: somebody-else");
      const { exitCode, said } = await checkRun(deployment, variables(deployment));
      expect(said).toContain("pair.yaml has no node named lb-a: give the host in the inventory the name");
      expect(exitCode).toBe(2);
    }));

  it("refuses a node without a certificate and names the command that makes one", () =>
    inDeployment(async (deployment) => {
      const { exitCode, said } = await checkRun(deployment, variables(deployment));
      expect(said).toMatch(/has no certificate for lb-a: make them with 'holdfast pki init'/);
      expect(exitCode).toBe(2);
    }));

  it("names the devices that the topology has and the host has not", () =>
    inDeployment(async (deployment) => {
      await deployment.edit(pair, "device: eth1, address: 10.0.1.2", "device: no-such0, address: 10.0.1.2");
      await giveCertificate(deployment);
      const { exitCode, said } = await checkRun(deployment, variables(deployment));
      expect(said).toMatch(/lb-a has no no-such0.*correct `device`/);
      expect(exitCode).toBe(2);
    }));

  it("refuses an old Node.js and names the cure", () =>
    inDeployment(async (deployment) => {
      for (const device of ["eth1", "eth2", "eth3"]) await deployment.edit(pair, device, "lo");
      await giveCertificate(deployment);
      const node = join(deployment.directory, "node");
      await writeFile(node, "#!/bin/sh\necho v18.20.4\n");
      await chmod(node, 0o755);
      const { exitCode, said } = await checkRun(deployment, variables(deployment));
      expect(said).toMatch(
        /lb-a has Node.js 18.20.4, holdfast needs 20.19.0 or newer.*set holdfast_node_archive/,
      );
      expect(exitCode).toBe(2);
    }));
});

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { RunResult } from "../src/host/host.js";
import { until } from "../src/lab/readiness.js";
import type { BootedLab } from "./booted.js";

const repository = fileURLToPath(new URL("..", import.meta.url));

/** Milliseconds: a playbook installs packages; and in which a pair that is left alone comes to rest. */
const [patience, rest] = [300_000, 60_000];

/** A person at a machine on the management network, with this checkout, a topology and a key. */
export interface Operator {
  readonly topology: string;
  readonly pki: string;
  ansible(playbook: string, options?: readonly string[], variables?: object): Promise<Played>;
  holdfast(...argv: string[]): Promise<RunResult>;
  /** `holdfast pki`, of the directory that holds the authority. */
  certificates(...argv: string[]): Promise<RunResult>;
  /** Makes a certificate that the agents accept for whatever `holdfast` asks them. */
  certify(): Promise<void>;
  /** Waits until `holdfast status`, asked over the network, says that all is well. */
  settled(): Promise<void>;
}

export interface Played {
  readonly exitCode: number;
  /** All that was printed, for whoever has to find out what went wrong. */
  readonly said: string;
  /** How many tasks of each host changed something. */
  readonly changed: Readonly<Record<string, number>>;
}

export function operatorOf(lab: BootedLab, topologyText: string, machine = "operator"): Operator {
  const own = (name: string): string => join(lab.directory, name);
  const [topology, pki] = [own("topology.yaml"), own("operator-pki")];
  writeFileSync(topology, topologyText);
  const run = lab.ssh.from(machine);
  const holdfast = [process.execPath, join(repository, "dist/cli/main.js")];
  // Nothing of this run belongs into the home of whoever runs it.
  const environment = {
    ANSIBLE_HOME: own("ansible"),
    ANSIBLE_LOCAL_TEMP: own("ansible/tmp"),
    ANSIBLE_NOCOLOR: "1",
    ANSIBLE_PRIVATE_KEY_FILE: lab.ssh.keyFile,
    ANSIBLE_SSH_CONTROL_PATH_DIR: own("ssh"),
    ANSIBLE_SSH_ARGS: [
      ...["-F", "none", "-o", "ControlMaster=auto", "-o", "ControlPersist=60s"],
      ...["-o", "StrictHostKeyChecking=accept-new", "-o", `UserKnownHostsFile=${lab.ssh.knownHosts}`],
    ].join(" "),
  };
  const ask: Operator["holdfast"] = (...argv) =>
    run([...holdfast, ...argv, "--file", topology, "--pki", pki, "--as", "operator"], { timeout: 60_000 });
  const certificates: Operator["certificates"] = (...argv) =>
    run([...holdfast, "pki", ...argv, "--file", topology, "--pki", pki]);
  return {
    topology,
    pki,
    async ansible(playbook, options = [], variables = {}) {
      const extra = {
        holdfast_pki: pki,
        holdfast_update_cache: false,
        holdfast_command: holdfast,
        ...variables,
      };
      const { exitCode, stdout, stderr } = await run(
        [
          ...["env", "--chdir", join(repository, "ansible")],
          ...Object.entries(environment).map(([name, value]) => `${name}=${value}`),
          ...["ansible-playbook", "--inventory", topology, "--user", "root"],
          ...["--extra-vars", JSON.stringify(extra), ...options, playbook],
        ],
        { timeout: patience },
      );
      return { exitCode, said: `${stdout}\n${stderr}`, changed: changesIn(stdout) };
    },
    holdfast: ask,
    certificates,
    async certify() {
      const { exitCode, stderr } = await certificates("issue", "operator");
      if (exitCode !== 0) throw new Error(stderr);
    },
    settled: () => settled(ask),
  };
}

async function settled(ask: Operator["holdfast"]): Promise<void> {
  let said = "";
  const healthy = async (): Promise<boolean> => {
    const { exitCode, stdout, stderr } = await ask("status");
    said = `${stdout}${stderr}`;
    return exitCode === 0;
  };
  const { signal } = new AbortController();
  await until("the cluster is healthy", healthy, { patience: rest, signal }).catch((error: Error) => {
    throw new Error(`${error.message}\n${said}`);
  });
}

/** The recap of ansible-playbook: `lb-a : ok=20 changed=0 unreachable=0 ...`. */
export function changesIn(said: string): Record<string, number> {
  const recap = said.slice(said.lastIndexOf("PLAY RECAP"));
  return Object.fromEntries(
    [...recap.matchAll(/^(\S+)\s+: ok=\d+\s+changed=(\d+)/gm)].map(([, host = "", changed]) => [
      host,
      Number(changed),
    ]),
  );
}

import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Host, Services } from "../../src/host/host.js";
import { openHost } from "../../src/host/machine.js";

export interface MachineRoot {
  readonly root: string;
  readonly host: Host;
  remove(): Promise<void>;
}

/** A directory that serves as a machine's root, with accounts of its own. */
export async function machineRoot(services: Services = noServices): Promise<MachineRoot> {
  const root = await mkdtemp("/tmp/holdfast-host-");
  await mkdir(join(root, "etc"));
  await writeFile(
    join(root, "etc/passwd"),
    "root:x:0:0:root:/root:/bin/sh\nproxy-user:x:4321:4322::/:/bin/false\n",
  );
  await writeFile(join(root, "etc/group"), "root:x:0:\nproxy-group:x:4322:\n");
  return {
    root,
    host: openHost({ name: "test-machine", root, enter: [], services }),
    remove: () => rm(root, { recursive: true, force: true }),
  };
}

const refuse = async (): Promise<never> => {
  throw new Error("this machine has no services");
};
const noServices: Services = {
  status: refuse,
  start: refuse,
  stop: refuse,
  reload: refuse,
  restart: refuse,
  enable: refuse,
  disable: refuse,
  reloadUnits: refuse,
};

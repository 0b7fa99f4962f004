import { daemonsAmong } from "./daemon-processes.js";
import type { MachineKind } from "./lab.js";
import { layout as drawLayout } from "./layout.js";
import { Ledger } from "./ledger.js";
import { argvOf, inhabitants } from "./processes.js";

export interface MachineStatus {
  readonly name: string;
  readonly aliases: readonly string[];
  readonly kind: MachineKind;
  readonly on: boolean;
  /** By network. */
  readonly addresses: Readonly<Record<string, readonly string[]>>;
  /** Daemons of which a process runs. */
  readonly daemons: readonly string[];
}

/** Every machine of a lab that is up; null when it is not. */
export function labStatus(cluster: string): MachineStatus[] | null {
  const ledger = new Ledger(cluster);
  const record = ledger.record();
  if (record === null) return null;
  return drawLayout(record.cluster, record).machines.map(({ name, aliases, kind, ports }) => {
    const init = ledger.init(name);
    return {
      name,
      aliases,
      kind,
      on: init !== null,
      addresses: Object.fromEntries(
        ports.map((port) => [port.segment, port.addresses.map((a) => a.address)]),
      ),
      daemons: init === null ? [] : daemonsAmong(inhabitants(init.pid).map(argvOf)),
    };
  });
}

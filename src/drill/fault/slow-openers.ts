import type { LabProcess } from "../../lab/lab.js";
import { vantageOf } from "../vantage.js";
import { atOnce, type Fault } from "./fault.js";

export interface SlowOpeners {
  readonly connections: number;
  readonly seconds: number;
}

const program =
  "use IO::Socket::IP; my ($to, $port, $many, $seconds) = @ARGV; alarm $seconds; " +
  "$| = 1; for (1 .. $many) { my $one = IO::Socket::IP->new(PeerHost => $to, PeerService => $port) or next; " +
  "push @held, $one; print scalar @held, qq(\\n); select undef, undef, undef, 0.01 } sleep $seconds";

/** Connections to the first service that are opened, a hundred a second, say nothing and stay. */
export const slowOpeners = ({ connections, seconds }: SlowOpeners): Fault => ({
  undoing: "the connections end, if they have not by then",
  on() {
    const opened: LabProcess[] = [];
    let held = 0;
    return {
      ...{ text: `${connections} connections that say nothing`, machine: null, network: null },
      inject: atOnce(async ({ lab }) => {
        const [service] = lab.cluster.services;
        if (service === undefined) throw new Error(`${lab.cluster.name} has no service to attack`);
        const { machine, address, port } = vantageOf(lab.cluster, service);
        const numbers = [port, connections, seconds].map(String);
        const openers = await lab.machine(machine).spawn(["perl", "-e", program, address, ...numbers]);
        openers.onLine((line) => {
          held = Number(line);
        });
        opened.push(openers);
      }),
      missed: async () => (held >= connections ? null : `${held} of ${connections} connections were open`),
      undo: async () => void (await Promise.all(opened.splice(0).map((each) => each.stop("SIGKILL")))),
    };
  },
});

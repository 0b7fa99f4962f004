import type { Lab, LabProcess } from "../../lab/lab.js";
import { type Translation, translationOf } from "../translation.js";
import { clientOn } from "../vantage.js";
import { atOnce, type Fault } from "./fault.js";
import { runOn } from "./on-machine.js";

/**
 * The kernel chooses from these for whoever comes from a port from 512 to 1023 (nf_nat_core.c), and from 64,512 for everybody
 * else: it drops whoever finds none all the same, but so many entries at once would stall the lab's own probes.
 */
const [firstPort, lastPort] = [600, 1_023];
const ownPort = 700;

/** RFC 863. Nothing depends on whether anybody listens. */
const port = 9;

/** RFC 5737 and 3849: nobody is there, so that these entries are nobody's. */
const nobody = ({ address }: Translation): string => (address.includes(":") ? "2001:db8::1" : "192.0.2.1");

const file = "/run/holdfast-drill-ports";
const owner = { mode: 0o600, user: "root", group: "root" };

/** Seconds after which the kernel drops the entries, whoever forgets them. */
const kept = 60;

const program =
  "use IO::Socket::IP; my ($to, $port, $own, $seconds) = @ARGV; alarm $seconds; my %how = (ReuseAddr => 1, Timeout => 1); " +
  "for (;; select undef, undef, undef, 0.1) { " +
  "IO::Socket::IP->new(PeerHost => $to, PeerService => $port, LocalService => $own, %how) }";

/** Every source port that a translated address may have is taken towards one port of one machine, where a server goes on to connect for so many seconds. */
export const portsTaken = (seconds: number): Fault => ({
  undoing: "the server connects no more, and the entries that take the ports are dropped",
  on({ active }) {
    const connecting: LabProcess[] = [];
    return {
      ...{ text: `every source port towards one machine taken on ${active}`, machine: active, network: null },
      inject: atOnce(async ({ lab }) => {
        const translation = translationOf(lab.cluster);
        if (translation === null) throw new Error(`${lab.cluster.name} translates nobody's source address`);
        const { from, to } = ends(lab, translation);
        const { host } = lab.machine(active);
        await host.swap(await host.stage(file, entries(translation, to), owner), file);
        await runOn(lab.machine(active), ["conntrack", "-R", file]);
        const numbers = [port, ownPort, seconds].map(String);
        connecting.push(await from.spawn(["perl", "-e", program, to, ...numbers]));
      }),
      async undo({ lab }) {
        await Promise.all(connecting.splice(0).map((each) => each.stop("SIGKILL")));
        await lab.machine(active).host.remove(file);
        const translation = translationOf(lab.cluster);
        // It ends with an error where it finds none.
        if (translation !== null)
          await lab.machine(active).exec(["conntrack", "-D", "-s", nobody(translation)]);
      },
    };
  },
});

/** Who connects, and where to. */
function ends(lab: Lab, { server, outbound }: Translation) {
  const from = lab.machines.find(({ addresses }) => Object.values(addresses).flat().includes(server));
  const to = lab
    .machine(clientOn(outbound))
    .addresses[outbound]?.find((address) => address.includes(":") === server.includes(":"));
  if (from === undefined || to === undefined) throw new Error(`nobody is there to connect to ${outbound}`);
  return { from, to };
}

/** conntrack(8): a line for each port, as if somebody's connection had got it. */
function entries(translation: Translation, to: string): string {
  const [from, back] = [nobody(translation), translation.address];
  const line = (own: number): string =>
    `-A -p tcp --state ESTABLISHED -u ASSURED -t ${kept} -s ${from} -d ${to} --sport ${own} --dport ${port} ` +
    `-r ${to} -q ${back} --reply-port-src ${port} --reply-port-dst ${own}\n`;
  return Array.from({ length: lastPort - firstPort + 1 }, (_, index) => line(firstPort + index)).join("");
}

import { contains } from "../address.js";
import { formatDuration } from "../duration.js";
import { warning, warningOfWhole } from "../rule.js";
import { syncNetworks } from "../sync-networks.js";
import { tolerated } from "../timing.js";

/** A hypervisor that stops a machine for one interval less than is waited may make the standby take over. */
export const subSecondAdverts = warningOfWhole("sub-second-adverts", ({ nodes, spec: { failover } }) => {
  const { advert_interval: interval, down_adverts: adverts } = failover;
  if (nodes.length === 0 || interval >= 1000) return [];
  return [
    {
      at: ["failover", "advert_interval"],
      message: `adverts every ${formatDuration(interval)}: a virtual machine that its host stops for ${formatDuration(tolerated(interval, adverts))} may lose the virtual IPs; 'holdfast calibrate' measures what its host does, profile: conservative needs no measurement`,
    },
  ];
});

/** A returned node that never takes the virtual IPs back has nothing to wait for. */
export const preemptDelayIsUsed = warning("preempt-delay-is-used", ({ spec: { failover } }) =>
  failover.preempt_delay === undefined || failover.preempt
    ? []
    : [{ at: ["failover", "preempt_delay"], message: "has no effect without preempt: true" }],
);

/** Milliseconds: an agent has started, and learned what the active node holds, well before. */
const learned = 5_000;

/** The agent of a returning node keeps it from taking over before it holds the sessions, once that agent runs. */
export const preemptDelayLeavesTime = warning("preempt-delay-leaves-time", ({ spec: { failover } }) =>
  !failover.preempt || failover.preempt_delay === undefined || failover.preempt_delay >= learned
    ? []
    : [
        {
          at: ["failover", "preempt_delay"],
          message: `a node that returns may take the virtual IPs before it holds the sessions: give it ${formatDuration(learned)}`,
        },
      ],
);

/** A pool of one has nowhere to go when its server dies. */
export const oneServerPool = warningOfWhole("one-server-pool", ({ services }) =>
  services
    .filter(({ servers }) => servers.length === 1)
    .map(({ name, at }) => ({
      at: [...at, "servers"],
      message: `service ${name} has one server only: when it is down, so is the service`,
    })),
);

/** The node that is left when its peer dies holds the virtual IPs only while a witness answers. */
export const oneWitness = warningOfWhole("one-witness", ({ nodes, spec: { failover } }) =>
  nodes.length === 0 || failover.witness.length !== 1
    ? []
    : [
        {
          at: ["failover", "witness"],
          message: `the only witness is ${failover.witness[0]?.text}: when it is down as well as a node's peers, nobody holds the virtual IPs; name two`,
        },
      ],
);

/** Where the nodes talk, a burst of service traffic must not drown them. */
export const noManagementNetwork = warningOfWhole("no-management-network", (draft) => {
  const { nodes, spec, virtualIps } = draft;
  if (nodes.length === 0) return [];
  const serving = new Set(virtualIps.map(({ network }) => network));
  const sync = syncNetworks(draft);
  if (sync.some((network) => !serving.has(network))) return [];
  return [
    {
      at: spec.sync.networks === undefined ? ["networks"] : ["sync", "networks"],
      message: `the nodes talk to each other only on ${sync.join(" and ")}, beside service traffic; a network of their own (management) is safer`,
    },
  ];
});

/** Packets to an on-link address follow ARP, which the pair does not answer for a captured address. */
export const capturedAddressIsRouted = warningOfWhole(
  "captured-address-is-routed",
  ({ spec, networks, virtualIps }) => {
    const own = new Set(virtualIps.flatMap(({ addresses }) => addresses.map(({ value }) => value.text)));
    return spec.nat.destination.flatMap(({ inbound, address }, index) =>
      !own.has(address.text) && networks.get(inbound)?.cidrs.some(({ value }) => contains(value, address))
        ? [
            {
              at: ["nat", "destination", index, "address"],
              message: `${address.text} lies in network ${inbound} itself: its neighbours ask for it by ARP or ND, which only a virtual IP answers`,
            },
          ]
        : [],
    );
  },
);

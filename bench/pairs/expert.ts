import { type HandWritten, plainHaproxy } from "./hand-written.js";

/** What an expert tunes by hand for the fastest failover that two cores carry: 20 ms adverts, unicast, skew near zero. */
function node(name: string, host: number, peer: number, priority: number): HandWritten {
  const instance = (network: string, device: string, id: number, subnet: string, virtual: string): string => `
vrrp_instance ${network} {
    state BACKUP
    nopreempt
    interface ${device}
    virtual_router_id ${id}
    priority ${priority}
    advert_int 0.02
    unicast_src_ip ${subnet}.${host}
    unicast_peer {
        ${subnet}.${peer}
    }
    virtual_ipaddress {
        ${subnet}.${virtual}/24 dev ${device}
    }
}
`;
  return {
    keepalived: `global_defs {
    router_id ${name}
    vrrp_version 3
}

vrrp_sync_group pair {
    group {
        switches
        controllers
    }
}
${instance("switches", "eth1", 51, "10.0.1", "100")}${instance("controllers", "eth2", 52, "10.0.2", "1")}`,
    haproxy: plainHaproxy,
  };
}

export const expert: Readonly<Record<string, HandWritten>> = {
  "lb-a": node("lb-a", 2, 3, 254),
  "lb-b": node("lb-b", 3, 2, 253),
};

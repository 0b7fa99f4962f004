import { type HandWritten, plainHaproxy } from "./hand-written.js";

/**
 * The pair of the usual tutorial: adverts every second, priorities 101 and 100, and a script that looks every two
 * seconds whether HAProxy runs. Both virtual IPs stand in one instance.
 */
const node = (state: "MASTER" | "BACKUP", priority: number): HandWritten => ({
  keepalived: `global_defs {
    enable_script_security
    script_user root
}

vrrp_script chk_haproxy {
    script "/usr/bin/pgrep -x haproxy"
    interval 2
    weight 2
}

vrrp_instance VI_1 {
    state ${state}
    interface eth1
    virtual_router_id 51
    priority ${priority}
    advert_int 1
    authentication {
        auth_type PASS
        auth_pass 1111
    }
    virtual_ipaddress {
        10.0.1.100/24 dev eth1
        10.0.2.1/24 dev eth2
    }
    track_script {
        chk_haproxy
    }
}
`,
  haproxy: plainHaproxy,
});

export const tutorial: Readonly<Record<string, HandWritten>> = {
  "lb-a": node("MASTER", 101),
  "lb-b": node("BACKUP", 100),
};

/** Milliseconds: three adverts, and the skew of VRRPv2 at the lower priority (RFC 3768, 6.1: (256 - priority) / 256 s). */
export const tutorialDetection = 3 * 1_000 + ((256 - 100) / 256) * 1_000;

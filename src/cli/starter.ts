/** The first topology of a new cluster, as `holdfast init` writes it: valid as it stands. */
export const starterTopology = `# yaml-language-server: $schema=./topology.schema.json   (holdfast schema --out topology.schema.json)
# One pair of load balancers between clients and servers. Put your own names and addresses in, then:
#   holdfast validate
cluster: my-cluster

# The networks that the load balancers stand on. Each one with a virtual IP has its own virtual_router_id; no other
# VRRP pair on the same wire may use it.
networks:
  clients:    { cidr: 10.0.1.0/24, virtual_router_id: 51 }
  servers:    { cidr: 10.0.2.0/24, virtual_router_id: 52 }
  management: { cidr: 10.0.9.0/24 }         # the load balancers talk to each other here

# Two to five load balancers. The one listed first is the preferred active one.
nodes:
  - name: lb-a
    interfaces:
      clients:    { device: eth1, address: 10.0.1.2 }
      servers:    { device: eth2, address: 10.0.2.2 }
      management: { device: eth3, address: 10.0.9.2 }
  - name: lb-b
    interfaces:
      clients:    { device: eth1, address: 10.0.1.3 }
      servers:    { device: eth2, address: 10.0.2.3 }
      management: { device: eth3, address: 10.0.9.3 }

# How fast a dead load balancer is noticed: conservative (3 s), balanced (0.3 s) or fast (0.06 s). The faster, the
# less jitter the machines may have; in virtual machines measure it before you leave conservative.
failover:
  profile: conservative
  preempt: false                            # a returned node does not take the virtual IPs back

# The addresses that move between the load balancers.
virtual_ips:
  - { name: controller-ip, network: clients, address: 10.0.1.100 }   # what every switch is configured with
  - { name: gateway,       network: servers, address: 10.0.2.1 }     # the servers' default gateway

# What listens there, and the servers behind it.
services:
  - name: openflow
    listen: { virtual_ip: controller-ip, port: 6653 }
    mode: proxy                             # proxy: HAProxy | nat: the kernel translates
    balance: source                         # source | leastconn | roundrobin
    health_check: { type: openflow }        # openflow | tcp | tls | http
    servers:
      - { name: c1, address: 10.0.2.11, port: 6653 }
      - { name: c2, address: 10.0.2.12, port: 6653 }

# What the servers start towards the clients comes from the virtual IP, too.
nat:
  source:
    - { from: servers, outbound: clients, translate_to: { virtual_ip: controller-ip } }
`;

/** A topology that writes every key of the schema. */
export const everyKey = `cluster: all
networks:
  edge: { cidr: [10.0.1.0/24, "2001:db8:1::/64"], virtual_router_id: 61, gateway: 10.0.1.1, mtu: 1500 }
  servers: { cidr: 10.0.2.0/24 }
nodes:
  - name: lb-a
    interfaces:
      edge: { device: eth1, address: [10.0.1.2, "2001:db8:1::2"] }
      servers: { device: eth2, address: 10.0.2.2 }
  - name: lb-b
    interfaces:
      edge: { device: eth1, address: [10.0.1.3, "2001:db8:1::3"] }
      servers: { device: eth2, address: 10.0.2.3 }
routes:
  - { destination: 192.168.1.0/24, via: 10.0.1.1 }
failover:
  { profile: fast, advert_interval: 20ms, down_adverts: 3, preempt: false, preempt_delay: 10s, witness: [10.0.1.5], bfd: true }
sync: { networks: [servers] }
virtual_ips:
  - { name: vip, network: edge, address: [10.0.1.100, "2001:db8:1::100"] }
  - { name: gateway, network: servers, address: 10.0.2.1 }
services:
  - name: web
    listen: { virtual_ip: vip, port: 80 }
    mode: proxy
    balance: source
    transparent: false
    health_check: { type: http, interval: 1s, timeout: 1s, rise: 2, fall: 3, path: /up, expect: 200 }
    servers:
      - { name: w1, address: 10.0.2.11, port: 80, weight: 1, backup: false }
  - name: openflow
    listen: { virtual_ip: vip, port: 6653 }
    mode: proxy
    health_check: { type: openflow, openflow_versions: ["1.0", "1.3"] }
    servers:
      - { name: c1, address: 10.0.2.12, port: 6653 }
    mirror: { to: { name: m, address: 10.0.2.13, port: 6653 }, via: tap, replies: drop, writes: error, audit: { file: /var/log/holdfast/audit }, queue: 4MiB }
nat:
  destination:
    - { inbound: edge, address: 10.0.9.9, port: 80, service: web }
  source:
    - { from: servers, outbound: edge, translate_to: { virtual_ip: vip } }
    - { from: 10.9.0.0/16, outbound: edge, translate_to: { address: 10.0.9.9 } }
agent: { port: 7443, network: servers, heal: restore }
vpn:
  name: overlay
  pool: [10.100.0.0/16, "fd00:100::/64"]
  servers:
    - { name: vpn-a, address: [203.0.113.10, "2001:db8::10"], port: 1194, proto: udp, clients: [10.100.100.0/24, "fd00:100::a:0:0/96"], backbone: 10.200.200.1, device: tun0, management: { socket: /run/openvpn/a.sock, password_file: /etc/openvpn/pass } }
    - { name: vpn-b, address: 203.0.113.20, clients: [10.100.101.0/24, "fd00:100::b:0:0/96"], backbone: 10.200.200.2, management: { address: 127.0.0.1, port: 5656 } }
  backbone: { device: bb, port: 11940, proto: udp }
  clients:
    - { name: host1, address: [10.100.200.1, "fd00:100::1"], subnets: [10.100.201.0/24] }
    - { name: host2, address: 10.100.200.2 }
  duplicate_cn: true
lab:
  hosts: [{ name: old, network: edge, address: 10.0.1.50 }]
`;

/** The same with one family on each VPN server, where one value stands instead of a list. */
export const oneFamily = everyKey
  .replace('pool: [10.100.0.0/16, "fd00:100::/64"]', "pool: 10.100.0.0/16")
  .replace('clients: [10.100.100.0/24, "fd00:100::a:0:0/96"]', "clients: 10.100.100.0/24");

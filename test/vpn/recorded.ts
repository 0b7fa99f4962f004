/** What OpenVPN 2.6.14 said, as it was recorded; in part where that is said. */

const session = [
  "TITLE\tOpenVPN 2.6.14 x86_64-pc-linux-gnu [SSL (OpenSSL)] [LZO] [LZ4] [EPOLL] [PKCS11] [MH/PKTINFO] [AEAD] [DCO]",
  "TIME\t2026-11-30 04:04:59\t1796011499",
];
export const clientHeader =
  "HEADER\tCLIENT_LIST\tCommon Name\tReal Address\tVirtual Address\tVirtual IPv6 Address\tBytes Received\tBytes Sent\tConnected Since\tConnected Since (time_t)\tUsername\tClient ID\tPeer ID\tData Channel Cipher";
export const routeHeader =
  "HEADER\tROUTING_TABLE\tVirtual Address\tCommon Name\tReal Address\tLast Ref\tLast Ref (time_t)";
const statistics = ["GLOBAL_STATS\tMax bcast/mcast queue length\t0", "GLOBAL_STATS\tdco_enabled\t0"];

/** host1 has fixed addresses and a network behind it, of which one address was seen; UNDEF has not logged in yet. */
export const snapshot = [
  ...session,
  clientHeader,
  "CLIENT_LIST\thost1\t192.0.2.11:44553\t10.100.200.1\tfd00:100::c8:1\t1975\t2002\t2026-11-30 04:04:58\t1796011498\tUNDEF\t0\t0\tAES-256-GCM",
  "CLIENT_LIST\tEND\t2001:db8::11\t10.100.100.10\tfd00:100:a::1000\t2047\t2082\t2026-11-30 04:04:58\t1796011498\tUNDEF\t1\t1\tAES-256-GCM",
  "CLIENT_LIST\tUNDEF\t192.0.2.12:56664\t\t\t303\t1281\t2026-11-30 04:09:28\t1796011768\tUNDEF\t7\t0\tBF-CBC",
  routeHeader,
  "ROUTING_TABLE\t10.100.100.10\tEND\t2001:db8::11\t2026-11-30 04:04:58\t1796011498",
  "ROUTING_TABLE\tfd00:100:a::1000\tEND\t2001:db8::11\t2026-11-30 04:04:58\t1796011498",
  "ROUTING_TABLE\tfd00:100::c8:1\thost1\t192.0.2.11:44553\t2026-11-30 04:04:58\t1796011498",
  "ROUTING_TABLE\t10.100.210.0/24\thost1\t192.0.2.11:44553\t2026-11-30 04:04:58\t1796011498",
  "ROUTING_TABLE\t10.100.210.5C\thost1\t192.0.2.11:44553\t2026-11-30 04:07:49\t1796011669",
  "ROUTING_TABLE\t10.100.200.1\thost1\t192.0.2.11:44553\t2026-11-30 04:04:58\t1796011498",
  ...statistics,
  "END",
];

/** Without the certificate's variables and those of the server. */
export const established = [
  ">CLIENT:ESTABLISHED,3",
  ">CLIENT:ENV,n_clients=1",
  ">CLIENT:ENV,script_type=learn-address",
  ">CLIENT:ENV,ifconfig_pool_ip6_netbits=64",
  ">CLIENT:ENV,ifconfig_pool_local_ip6=fd00:100:a::1",
  ">CLIENT:ENV,ifconfig_pool_remote_ip6=fd00:100::c8:1",
  ">CLIENT:ENV,ifconfig_pool_netmask=255.255.0.0",
  ">CLIENT:ENV,ifconfig_pool_remote_ip=10.100.200.1",
  ">CLIENT:ENV,time_unix=1796011498",
  ">CLIENT:ENV,time_ascii=2026-11-30 04:04:58",
  ">CLIENT:ENV,trusted_port=44553",
  ">CLIENT:ENV,trusted_ip=192.0.2.11",
  ">CLIENT:ENV,common_name=host1",
  ">CLIENT:ENV,IV_VER=2.6.14",
  ">CLIENT:ENV,redirect_gateway=0",
  ">CLIENT:ENV,END",
];

export const greeting = [
  "SUCCESS: password is correct",
  ">INFO:OpenVPN Management Interface Version 5 -- type 'help' for more info",
];

export const wire = (...lines: readonly string[]): Buffer =>
  Buffer.from(lines.map((line) => `${line}\r\n`).join(""));

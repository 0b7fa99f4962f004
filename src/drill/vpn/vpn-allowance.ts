/** How long what takes its time takes with VPN servers, in milliseconds, on two cores that are busy with a whole lab. */
export const vpnAllowance = {
  /** A client hears nothing for so long, tries the next server, and is up there (docs/performance.md, vpn-server-killed). */
  serverLost: 4_500,
  /** OpenVPN starts, and is up on a server (measured: 300 to 900). */
  login: 2_000,
  /** A new claim, or a session that ended, is a route everywhere (docs/performance.md, vpn-first-packet). */
  route: 150,
  /** A server hears nothing of a client for so long before it takes it for gone (OpenVPN doubles `keepalive 1 2`). */
  ghost: 6_000,
  /** BFD: 50 ms x 3, and BIRD takes routes away; everybody is looked at twice a second. */
  dead: 2_000,
  /** Tunnels are made again: a handshake that got lost is forgotten after 10 s (hand-window), then BGP takes 2 s. */
  tunnel: 15_000,
  /** Nothing happens to them; echo requests that share the processor are late by this. */
  noise: 500,
} as const;

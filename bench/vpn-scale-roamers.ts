/** Where the generator is told what to say, in each server's machine, and where its watch is asked how it fares. */
export const controlSocket = "/run/openvpn-control.sock";
export const watchSocket = "/run/watch-control.sock";

/** The client of a server by its number; the client keeps its address wherever it is, so that it is a host route everywhere. */
export function roamer(server: number, client: number) {
  const low = `${client >> 8}.${client & 255}`;
  return {
    name: `roamer-${server}-${client}`,
    address: `10.${server + 1}.${low}`,
    /** Where it comes from. */
    from: `198.${18 + (server & 1)}.${low}`,
  };
}

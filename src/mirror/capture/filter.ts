/** Where switches find a service: its virtual IPs, and addresses that are translated to it. */
export interface Endpoint {
  readonly family: 4 | 6;
  readonly address: string;
  readonly port: number;
}

/** pcap-filter(7) for what is sent to these endpoints. Addresses are canonical, ports are numbers: nothing else gets in. */
export const mirrorFilter = (endpoints: readonly Endpoint[]): string =>
  `tcp and (${endpoints.map(({ address, port }) => `(dst host ${address} and dst port ${port})`).join(" or ")})`;

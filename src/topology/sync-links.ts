/** conntrackd's UDP ports: one for each network that carries connection state, and it takes no more than four (conntrackd.conf(5)). */
export const syncPorts = { first: 3780, last: 3783 } as const;

/** The UDP port on which nodes tell each other how far their copies for master controllers are. */
export const copyPort = 3788;

export const mostSyncNetworks = syncPorts.last - syncPorts.first + 1;

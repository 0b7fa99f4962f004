/** For the TypeScript that makes machines on which the package can be installed. */
export declare const engines: readonly string[];
/** What a VPN server needs beside them. */
export declare const vpnEngines: readonly string[];

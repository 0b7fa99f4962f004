import { paths } from "./paths.js";

/** Where all of the multiplexer's sockets stand; nothing else does. */
export const doorsDirectory = `${paths.haproxyRoot}/multiplexer`;

/** Where those of one service stand. */
export const doorsOf = (service: string): string => `${doorsDirectory}/${service}`;

/** The Unix socket at which the multiplexer takes the sessions of one server. At most 107 bytes (unix(7)): names have 32. */
export const doorIn = (directory: string, server: string): string => `${directory}/${server}.sock`;

/**
 * The same as HAProxy has to name it: its worker connects long after it has changed its root, so that the path on the
 * machine would lead nowhere.
 */
export const doorSeenByHaproxy = (service: string, server: string): string =>
  doorIn(doorsOf(service), server).slice(paths.haproxyRoot.length);

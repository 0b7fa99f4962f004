/** One node's files of a pair that somebody wrote by hand for examples/pair.yaml. */
export interface HandWritten {
  readonly keepalived: string;
  readonly haproxy: string;
}

/** What nobody does differently: every controller behind one listener, checked by a TCP connection. */
export const plainHaproxy = `global
    maxconn 4096

defaults
    mode tcp
    timeout connect 5s
    timeout client 1h
    timeout server 1h

listen openflow
    bind :6653
    balance source
    server c1 10.0.2.11:6653 check
    server c2 10.0.2.12:6653 check
    server c3 10.0.2.13:6653 check
`;

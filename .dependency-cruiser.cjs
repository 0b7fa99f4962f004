// The floors of the house: imports go down only (docs/architecture.md).
const pureDeploy =
  "^src/deploy/(decide|decide-[a-z]+|transaction|plan|pool|pool-[a-z]+|first-verdict|taken-binds|change|diff|text-diff|history-diff|record-words|generation|steps|adverts|impact|details|entrances|leaving-servers|sessions|vpn-[a-z]+|kernel-[a-z]+)\\.ts$";
const pureDrill =
  "^src/drill/(about|aligned|allowance|catalogue|catalogue/[a-z-]+|drill|expectation|explain|fault/[a-z-]+|html/[a-z-]+|judge|junit|markdown|live/(agents-words|live-measurement)|meanwhile|measurement|milliseconds|needs|offered|owners|percentile|probe-log|report|report-files|rounds|schedule|seen-owners|series|sessions|simulate|situation|summary|timeline|translation|vantage|way-back|wire|vpn/catalogue/[a-z-]+|vpn/(client-log|vpn-allowance|vpn-catalogue|vpn-drill|vpn-injection|vpn-measurement|world))\\.ts$";
const pureLab = "^src/lab/(layout[^/]*|names|wiring|open-vswitch|daemon-processes)\\.ts$";
const pureAgent =
  "^src/agent/(calibration/histogram|drift/(attempts|drift-ledger)|beats/(beat|beat-reader|peer-links|peer-state|peers)|judgement/(decide|faults|judgement|news|own-faults)|networks/(reachability|targets)|addresses/serving|spread/spread|state-document|timing|events/(record|segment)|lost-servers/(deletions|lives|lost|removed|rounds)|release/(carried-session|held-sockets|release-words|segment|stale)|vpn/(conditions-of|vpn-report)|sync/(look|round|sync-state|sync-report|sync-scene|conntrackd-words)|wire/(frame|sighting|filter|sightings|two-owners)|explain/(cause|spans|explanation|explain-text))\\.ts$";
const purePki =
  "^src/pki/(bundle-files|certificate|der|issue|key-usage|keys|ledger|pki-error|policy|request|revocations|revoked|serial|validity|x509)\\.ts$";
const pureApi =
  "^src/(api/[a-z-]+|agent/server/(admission|browser-guard|caller|openapi|security-headers|session-cookie|token-buckets|turns|validation)|agent/metrics/(metric|metrics|mirror-metrics|peer-silence|rivals|snapshot|vpn-metrics))\\.ts$";
const pureFleet =
  "^src/fleet/(agent-addresses|catch-up-decision|maintenance|maintenance-check|obstacle|order|outcome|peer-rights|standing|switchover-check|switchover-obstacle|switchover-plan|vote)\\.ts$";
const pureMirror =
  "^src/mirror/(copy-link|mirrors-of|report|stream-book|capture/(filter|tcp-packet)|multiplexer/[a-z-]+|inline/proxy-header|openflow/[a-z-]+|session/[a-z-]+|stream/[a-z-]+|switch/(beginnings|counters|encounters|giving-way|heirs|master-place|past-counts|queue|seats|send-buffers|switch-stream|underway)|process/(position-wire|stream-teller|words))\\.ts$";
const floor2 = [
  "^src/capture/(pcap|tcpdump)\\.ts$",
  "^src/topology/",
  "^src/render/",
  "^src/calibrate/",
  "^src/import/",
  "^src/notify/",
  "^src/packet/",
  "^src/preflight/",
  "^src/vpn/",
  pureDeploy,
  pureDrill,
  pureLab,
  pureAgent,
  purePki,
  pureApi,
  pureFleet,
  pureMirror,
];

module.exports = {
  forbidden: [
    { name: "no-cycles", severity: "error", from: {}, to: { circular: true } },
    {
      name: "cluster-imports-nothing",
      severity: "error",
      from: { path: "^src/topology/cluster\\.ts$" },
      to: {},
    },
    {
      name: "topology-stands-alone",
      severity: "error",
      from: { path: "^src/topology/" },
      to: { path: "^src/", pathNot: "^src/topology/" },
    },
    {
      name: "render-sees-only-topology",
      severity: "error",
      from: { path: "^src/render/" },
      to: { path: "^src/", pathNot: "^src/(topology|render)/" },
    },
    {
      name: "import-sees-only-topology",
      severity: "error",
      from: { path: "^src/import/" },
      to: { path: "^src/", pathNot: "^src/(topology|import)/" },
    },
    {
      name: "packet-sees-only-topology",
      severity: "error",
      from: { path: "^src/packet/" },
      to: { path: "^src/", pathNot: "^src/(topology|packet)/" },
    },
    {
      name: "pure-code-has-no-effects",
      comment:
        "pure parts reach neither the host nor Node's I/O; template.ts reads the program's own templates",
      severity: "error",
      from: { path: floor2, pathNot: "^src/render/template\\.ts$" },
      to: {
        path: "^(node:)?(fs|child_process|net|dgram|os|process|timers)|^src/host/|node_modules/(execa|pino|chokidar)/",
      },
    },
    {
      name: "host-sees-nothing-above",
      severity: "error",
      from: { path: "^src/host/" },
      to: { path: "^src/", pathNot: "^src/(host|topology)/" },
    },
    {
      name: "effects-below-the-agent",
      severity: "error",
      from: { path: "^src/(capture|deploy|observe|lab|drill|pki|mirror)/" },
      to: { path: "^src/(agent|fleet|cli)/", pathNot: pureAgent },
    },
    {
      name: "agent-and-fleet-below-cli",
      severity: "error",
      from: { path: "^src/(agent|fleet)/" },
      to: { path: "^src/(cli|lab|drill)/", pathNot: pureDrill },
    },
    {
      name: "the-page-sees-words-alone",
      comment: "a browser has neither files nor processes, and what an agent needs is no part of its page",
      severity: "error",
      from: { path: "^src/dashboard/" },
      to: { path: "^src/", pathNot: "^src/(dashboard/|api/|topology/cluster\\.ts)" },
    },
    {
      name: "nobody-sees-the-page",
      severity: "error",
      from: { path: "^src/", pathNot: "^src/dashboard/" },
      to: { path: "^src/dashboard/" },
    },
    {
      name: "handlebars-in-one-place",
      severity: "error",
      from: { path: "^src/", pathNot: "^src/render/template\\.ts$" },
      to: { path: "node_modules/handlebars/" },
    },
    {
      name: "certificate-library-on-demand",
      comment: "20 MB that an agent at rest does without",
      severity: "error",
      from: { path: "^src/", pathNot: "^src/pki/x509\\.ts$" },
      to: { path: "node_modules/(@peculiar/x509|reflect-metadata)/" },
    },
    {
      name: "execa-behind-the-port",
      severity: "error",
      from: { path: "^src/", pathNot: "^src/host/" },
      to: { path: "node_modules/execa/" },
    },
  ],
  options: {
    tsConfig: { fileName: "tsconfig.json" },
    tsPreCompilationDeps: true,
    doNotFollow: { path: "node_modules" },
    enhancedResolveOptions: {
      extensions: [".ts", ".tsx", ".js"],
      exportsFields: ["exports"],
      conditionNames: ["import", "types"],
    },
  },
};

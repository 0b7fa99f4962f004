/**
 * On every answer over TLS. There is no HSTS: addresses have none (RFC 6797, 8.1.1), and by name it would bind whatever
 * else the node serves over HTTP, on any port.
 */
export const securityHeaders: readonly (readonly [string, string])[] = [
  [
    "content-security-policy",
    [
      "default-src 'none'",
      ...["script-src", "style-src", "connect-src", "font-src"].map((kind) => `${kind} 'self'`),
      "img-src 'self' data:",
      ...["base-uri", "form-action", "frame-ancestors"].map((kind) => `${kind} 'none'`),
      "require-trusted-types-for 'script'",
    ].join("; "),
  ],
  ["x-content-type-options", "nosniff"],
  // For browsers that know no frame-ancestors.
  ["x-frame-options", "DENY"],
  ["referrer-policy", "no-referrer"],
  ["cross-origin-opener-policy", "same-origin"],
  ["cross-origin-resource-policy", "same-origin"],
  ["permissions-policy", "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()"],
  // Files say something else of themselves.
  ["cache-control", "no-store"],
];

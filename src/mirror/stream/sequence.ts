/** Numbers modulo 2^32, as TCP counts its bytes (RFC 9293, 3.4). */
export const after = (sequence: number, bytes: number): number => (sequence + bytes) >>> 0;

/** How far `to` is ahead of `from`, -2^31 to 2^31 - 1. */
export const distance = (from: number, to: number): number => (to - from) | 0;

/** Whether `to` is of the same stream as `from`, and not before it: what is told of a stream may be overtaken. */
export const isFurther = (from: number, to: number): boolean => {
  const ahead = distance(from, to);
  return ahead >= 0 && ahead < 2 ** 28;
};

/** Whether both may be in the same window. */
export const isNear = (from: number, to: number): boolean => Math.abs(distance(from, to)) < 2 ** 20;

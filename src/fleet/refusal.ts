/** Nothing was done, and nothing is wrong with the agent: the message says why not, and what to do. */
export class Refusal extends Error {}

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

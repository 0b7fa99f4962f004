/** Days. An authority outlives the machines of its cluster; what it issues is renewed each year. */
export const defaultDays = { authority: 3650, certificate: 365 } as const;

export type Labels = Readonly<Record<string, string>>;
export type Sample = readonly [labels: Labels, value: number];

/** One name of Prometheus' text format, with all that it has to say. */
export interface Metric {
  readonly name: string;
  readonly help: string;
  readonly samples: readonly Sample[];
}

/** A metric without a sample would be a name that promises a value. */
export const metric = (name: string, help: string, samples: readonly Sample[]): Metric[] =>
  samples.length === 0 ? [] : [{ name, help, samples }];

export const holdfast = (name: string, help: string, samples: readonly Sample[]): Metric[] =>
  metric(`holdfast_${name}`, help, samples);

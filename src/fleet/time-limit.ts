/** What `work` resolves to; rejects when it takes longer. The work itself goes on: only its answer is not awaited. */
export async function within<T>(milliseconds: number, work: Promise<T>, late: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(late)), milliseconds);
  });
  work.catch(() => undefined); // It may fail after its time.
  return Promise.race([work, limit]).finally(() => clearTimeout(timer));
}

/** For people: `2 s`. */
export const seconds = (milliseconds: number): string => `${Math.round(milliseconds / 100) / 10} s`;

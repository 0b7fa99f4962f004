/** A VPN server has a file for each client, tens of thousands: all at once they would fill the memory and run out of descriptors. */
const most = 64;

/** Does it for all, not too many at once, and answers in their order. */
export async function someAtOnce<T, R>(
  items: readonly T[],
  work: (item: T) => Promise<R>,
): Promise<readonly R[]> {
  const done: R[] = [];
  for (let at = 0; at < items.length; at += most)
    for (const each of await Promise.all(items.slice(at, at + most).map(work))) done.push(each);
  return done;
}

/** What each comes to, one after the other. */
export async function eachInTurn<T, R>(
  items: readonly T[],
  of: (item: T, i: number) => Promise<R>
): Promise<R[]> {
  const results: R[] = []
  for (const [i, item] of items.entries()) results.push(await of(item, i))
  return results
}

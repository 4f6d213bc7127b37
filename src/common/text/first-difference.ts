/** The first place at which two lists differ, the end of the shorter one too; null where they are the same. */
export function firstDifference(a: readonly number[], b: readonly number[]): number | null {
  const at = a.findIndex((own, i) => own !== b[i])
  if (at >= 0) return at
  return a.length === b.length ? null : a.length
}

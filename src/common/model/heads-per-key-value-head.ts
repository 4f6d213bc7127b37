/** Query heads that read the same key/value head; 1 where each has its own. */
export function headsPerKeyValueHead({
  nHeads,
  nKeyValueHeads
}: {
  readonly nHeads: number
  readonly nKeyValueHeads: number
}): number {
  return nKeyValueHeads > 0 && nHeads % nKeyValueHeads === 0 ? nHeads / nKeyValueHeads : 1
}

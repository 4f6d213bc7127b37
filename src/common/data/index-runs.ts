/** Indices that follow one another. */
interface IndexRun {
  readonly from: number
  /** After the last one. */
  readonly end: number
}

/** Runs of indices, each index by itself where its neighbours are missing. @param indices in order, each once */
export function indexRuns(indices: Iterable<number>): IndexRun[] {
  const runs: { from: number; end: number }[] = []
  for (const at of indices) {
    const last = runs.at(-1)
    if (last?.end === at) last.end = at + 1
    else runs.push({ from: at, end: at + 1 })
  }
  return runs
}

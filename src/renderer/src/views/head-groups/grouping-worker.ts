import { groupingOf, type Grouping } from '#common/analysis/head-distances/grouping.ts'

/** What is asked of the thread: distances [n, n]. */
export interface GroupingRequest {
  readonly distances: Float64Array
  readonly n: number
}

self.addEventListener('message', ({ data: { distances, n } }: MessageEvent<GroupingRequest>) => {
  const grouping: Grouping = groupingOf(distances, n)
  self.postMessage(grouping)
})

import type { Grouping } from '#common/analysis/head-distances/grouping.ts'
import { answerBeside } from '../../answer-beside.ts'
import type { GroupingRequest } from './grouping-worker.ts'

/**
 * Groups things beside the window's thread: of 1,000 it takes some seconds.
 * @throws LamellaError `cancelled` once `signal` is aborted, `internal` when the thread fails
 */
export function groupingBeside(request: GroupingRequest, signal: AbortSignal): Promise<Grouping> {
  const start = () =>
    new Worker(new URL('./grouping-worker.ts', import.meta.url), { type: 'module' })
  return answerBeside(start, request, 'The heads could not be grouped', signal)
}

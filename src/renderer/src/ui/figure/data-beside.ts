import { answerBeside } from '../../answer-beside.ts'
import type { DataRequest } from './data-worker.ts'

/**
 * Numbers as a file or a table, written beside the window's thread: a million take a second.
 * @throws LamellaError `cancelled` once `signal` is aborted, `internal` when they cannot be written
 */
export function dataBeside(request: DataRequest, signal: AbortSignal): Promise<Blob> {
  const start = () => new Worker(new URL('./data-worker.ts', import.meta.url), { type: 'module' })
  return answerBeside(start, request, 'The numbers could not be written', signal)
}

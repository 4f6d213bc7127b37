import { answerBeside } from '../../answer-beside.ts'
import type { NotebookRequest } from './notebook-worker.ts'

/**
 * A notebook, made beside the window's thread: to find what a figure draws in large data takes most of a second.
 * @throws LamellaError `cancelled` once `signal` is aborted, `internal` when it cannot be made
 */
export function notebookBeside(request: NotebookRequest, signal: AbortSignal): Promise<string> {
  const start = () =>
    new Worker(new URL('./notebook-worker.ts', import.meta.url), { type: 'module' })
  return answerBeside(start, request, 'The notebook could not be made', signal)
}

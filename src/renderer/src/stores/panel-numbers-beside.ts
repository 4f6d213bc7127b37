import type { PanelNumbers } from '#common/figure/panels/panel-numbers.ts'
import { answerBeside } from '../answer-beside.ts'
import type { PanelNumbersRequest } from './panel-numbers-worker.ts'

/**
 * Which of many numbers a panel keeps, told beside the window's thread, as a notebook is made.
 * @throws LamellaError `cancelled` once `signal` is aborted, `internal` when it cannot be told
 */
export function panelNumbersBeside(
  request: PanelNumbersRequest,
  signal: AbortSignal
): Promise<PanelNumbers> {
  const start = () =>
    new Worker(new URL('./panel-numbers-worker.ts', import.meta.url), { type: 'module' })
  return answerBeside(start, request, 'The numbers of the panel could not be chosen', signal)
}

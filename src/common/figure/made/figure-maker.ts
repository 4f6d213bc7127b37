import type { Params } from '../../contract/api.ts'
import type { Calls } from '../../contract/rpc.ts'
import type { ModelInfo, Run } from '../../contract/schemas.ts'
import type { Dataset } from '../../data/dataset.ts'

/** Who computes what figures and numbers are made of. */
export interface FigureMaker {
  /** Of Lamella. */
  readonly version: string
  readonly call: Calls<
    | 'analysis.run'
    | 'runs.complete'
    | 'runs.generate'
    | 'runs.start'
    | 'text.tokenize'
    | 'text.vocabulary'
  >
  /** What is read beside a run, or without one: asked for as by `analysis.run`, which may take long. */
  readonly analysis: (asked: Params<'analysis.run'>) => Promise<Dataset>
  /** Hears of a text that ran, once all of it has. */
  readonly ran: (model: ModelInfo, run: Run) => void
}

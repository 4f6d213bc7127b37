import { z } from 'zod'
import { Json } from '../../model/json.ts'
import type { AnalysisFacts } from '../analysis.ts'

const TimelineParams = z.strictObject({
  /** `loss`, or a variable of an analysis, such as `head-scores.induction`. */
  of: z
    .string()
    .regex(
      /^[\w-]+(\.\w+)*$/,
      'expected loss, or an analysis and its variable: head-scores.induction'
    )
    .default('loss'),
  /** Those of that analysis. */
  params: z.record(z.string(), Json).default({}),
  /** The folder of the checkpoints; null for the one that the model is a checkpoint of. */
  folder: z.string().min(1).nullable().default(null)
})
export type TimelineParams = z.output<typeof TimelineParams>

/** A number of an analysis of each checkpoint of a training: the others say how it is computed of one. */
export const timeline: AnalysisFacts<TimelineParams> = {
  name: 'timeline',
  version: 1,
  of: 'checkpoints',
  compares: false,
  params: TimelineParams,
  about: {
    what: 'How a number changes while a model is trained: the loss on a text, a score of every head, a statistic of weights, or any other variable of an analysis, of each checkpoint in a folder.',
    formulas: ['value[checkpoint, …] = that variable of that analysis of the checkpoint alone'],
    sources: [
      'the moment at which induction heads appear: Olsson et al. 2022, "In-context Learning and Induction Heads"'
    ],
    read: 'Checkpoints are told by the last number in their names, or the one after the word step, and stand at that step; they have to be named alike. One is open at a time. A checkpoint that cannot be read, or whose result has other heads or tensors than the first, is left out, and left_out says why. Between two checkpoints nothing is known: a line only joins them.',
    baseline: 'The first checkpoint; of an untrained one the loss is about ln d_vocab.'
  },
  gives: [
    {
      name: 'value',
      axes: ['checkpoint'],
      unit: '',
      about: 'of each checkpoint the variable, along its own axes, as all of these'
    },
    { name: 'step', axes: ['checkpoint'], unit: 'steps', about: 'the number in its name' },
    { name: 'layer', axes: ['checkpoint'], unit: '', about: 'of a tensor, its block' },
    { name: 'head', axes: ['checkpoint'], unit: '', about: 'of a tensor, its head' }
  ]
}

/** The analysis and its variable that a timeline is of. */
export function timelineVariable(of: string): {
  readonly analysis: string
  readonly variable: string
} {
  const dot = of.indexOf('.')
  // Named after the only number that one looks for in it.
  if (dot < 0) return { analysis: of, variable: of }
  return { analysis: of.slice(0, dot), variable: of.slice(dot + 1) }
}

import { z } from 'zod'
import { pathRules } from '#common/analysis/saliency/path-steps.ts'
import { saliencyMethods } from '#common/analysis/saliency/saliency-methods.ts'
import type { ModelInfo } from '#common/contract/schemas.ts'
import { headMeasures } from '#common/figure/views/saliency-figures.ts'
import { Seed } from '#common/model/seed.ts'
import { ChosenToken } from '../../reactive/use-chosen-token.ts'

/** Numbers that are explained. */
export const scalarKinds = ['logit', 'difference', 'probability', 'loss'] as const

/** What saliency is set to. */
export const SaliencyOptions = z.object({
  form: z.enum(['text', 'map', 'heads']).catch('text'),
  of: z.enum(scalarKinds).catch('logit'),
  /** Of the loss of a model of masked tokens: positions that are hidden, and the run, by its id, that they are of. */
  hidden: z.array(z.int().min(0)).catch([]),
  hiddenOf: z.string().catch(''),
  /** The token that is asked about, and the one that it is set against; null for the most probable ones. */
  token: ChosenToken.nullable().catch(null),
  other: ChosenToken.nullable().catch(null),
  method: z.enum(saliencyMethods).catch('grad_x_input'),
  /** Of integrated gradients. */
  steps: z.int().min(1).max(4096).catch(64),
  rule: z.enum(pathRules).catch('midpoint'),
  baseline: z.enum(['zero', 'mean']).catch('zero'),
  /** Of SmoothGrad. */
  samples: z.int().min(1).max(1024).catch(8),
  noise: z.number().min(0).max(10).catch(0.1),
  seed: Seed.catch(0),
  /** Of a map: whose number each row is of. */
  rows: z.enum(['top', 'next', 'token']).catch('top'),
  measure: z.enum(headMeasures).catch('attention_x_gradient')
})
export type SaliencyOptions = z.output<typeof SaliencyOptions>

/** Whose number a row of a map may be of: the next token is no label. */
export function mapRows({ predicts }: Pick<ModelInfo, 'predicts'>) {
  return (['top', 'next', 'token'] as const).filter(
    rows => rows !== 'next' || predicts !== 'labels'
  )
}

/** What the rows are of: the most probable where what was chosen, of another model, is nothing to this one. */
export function rowsOf(model: Pick<ModelInfo, 'predicts'>, { rows }: SaliencyOptions) {
  return mapRows(model).includes(rows) ? rows : 'top'
}

import { z } from 'zod'
import { wardTrees } from '#common/figure/views/circuits-view.ts'
import { headNumbers } from '#common/figure/views/head-weight-numbers.ts'

export const circuitForms = ['heads', 'tree'] as const

/** What heads are looked at by. */
export const CircuitsOptions = z.object({
  form: z.enum(circuitForms).catch('heads'),
  /** On the map; as `headNumbers` name it. */
  number: z
    .enum(headNumbers.map(({ name }) => name) as [string, ...string[]])
    .catch('K_composition'),
  /** In the tree. */
  by: z.enum(wardTrees.map(({ name }) => name)).catch('ward_OV'),
  /** Circuits over the vocabulary were asked for. */
  tokens: z.boolean().catch(false)
})
export type CircuitsOptions = z.output<typeof CircuitsOptions>

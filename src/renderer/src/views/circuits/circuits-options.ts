import { z } from 'zod'
import { wardTrees } from '#common/figure/views/circuits-view.ts'
import { headNumbers } from '#common/figure/views/head-weight-numbers.ts'

export const circuitForms = ['heads', 'matrix', 'tree'] as const

/** What heads are looked at by. */
export const CircuitsOptions = z.object({
  form: z.enum(circuitForms).catch('heads'),
  /** The head of the column whose cell of the matrix is chosen, in the row of the selected head. */
  other: z
    .object({ layer: z.int().min(0), head: z.int().min(0) })
    .nullable()
    .catch(null),
  /** On the map, and in the matrix; as `headNumbers` name it. */
  number: z
    .enum(headNumbers.map(({ name }) => name) as [string, ...string[]])
    .catch('K_composition'),
  /** In the tree. */
  by: z.enum(wardTrees.map(({ name }) => name)).catch('ward_OV'),
  /** Circuits over the vocabulary were asked for. */
  tokens: z.boolean().catch(false)
})
export type CircuitsOptions = z.output<typeof CircuitsOptions>

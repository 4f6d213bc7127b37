import { z } from 'zod'
import { scoreQuantities } from '#common/figure/views/score-map.ts'

export const forms = ['map', 'scatter', 'table'] as const

/** What an atlas is set to; scores go by their names. */
export const AtlasOptions = z.object({
  form: z.enum(forms).catch('map'),
  score: z.string().catch('previous_token'),
  /** The number itself, or how far it is above uniform attention. */
  quantity: z.enum(scoreQuantities).catch('value'),
  x: z.string().catch('previous_token'),
  y: z.string().catch('induction'),
  /** Name of the corpus that is read; null for the text. */
  over: z.string().nullable().catch(null),
  /** Tokens of a window; null for those of the corpus, or the usual ones. */
  window: z.int().min(1).nullable().catch(null),
  /** Classes of tokens of one's own: regular expressions by name. */
  classes: z.record(z.string(), z.string()).catch({}),
  /** Which column the table is sorted by, and how; null for the order of the heads. */
  sort: z.object({ by: z.string(), descending: z.boolean() }).nullable().catch(null),
  filter: z.string().catch(''),
  /** What stands beside: the selected head, or the findings. */
  side: z.enum(['head', 'findings']).catch('head'),
  /** The loss without the heads that are found stands beside them. */
  ablated: z.boolean().catch(false),
  /** How the text goes on without the head of the selected finding stands beside it. */
  goesOn: z.boolean().catch(false)
})
export type AtlasOptions = z.output<typeof AtlasOptions>

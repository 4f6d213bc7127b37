import { z } from 'zod'

/** The least weights that lines are drawn of. */
export const leastWeights = ['0.001', '0.01', '0.02', '0.05', '0.1', '0.2', '0.5'] as const

/** What the view is set to. */
export const LinesOptions = z.object({
  /** Null for the selected head alone. */
  heads: z.array(z.int().min(0)).nullable().catch(null),
  least: z.enum(leastWeights).catch('0.05'),
  /** Whose lines are drawn while nothing is pointed at. */
  of: z.enum(['all', 'selected']).catch('all')
})

export const leastOptions = leastWeights.map(value => ({ value, text: `at least ${value}` }))

export const ofOptions = [
  { value: 'all', text: 'All', note: 'The lines of all queries on screen' },
  { value: 'selected', text: 'Selected', note: 'The lines of the selected query alone' }
] as const

import type { ModelInfo } from '#common/contract/schemas.ts'
import { queryKey } from '#common/analysis/query-key/query-key.ts'
import { weightFormula } from '#common/text/attention-words.ts'
import type { Help } from '../view.ts'

export const help = (model: ModelInfo | null): Help => ({
  what: 'How one attention weight came about: the query and the key as they are multiplied, the product of each of their dimensions, what makes a score of the sum, and what the softmax makes of that score among those of all other keys.',
  formulas: [
    { name: 'dot product', formula: 'q · k = Σ_i q_i k_i, i over the dimensions of the head' },
    {
      name: 'weight of key k for query q',
      formula: weightFormula(model?.scores ?? null, model?.config?.dHead)
    },
    { name: 'softmax', formula: 'A[q,k] = exp(score − logsumexp), logsumexp = ln Σ_k exp(score)' }
  ],
  sources: queryKey.about.sources,
  reading: [
    'It is of the selected cell; without one, of the last query and the key that it attends to most. Arrow keys move it, as in the map.',
    'With rotary positions the vectors are those that turned (hook_rot_q, hook_rot_k); with grouped queries the key is that of the key/value head.',
    'Strips show the two vectors, blue below zero and red above, each on a range of its own (beside another, on one range with it); bars show their products, the line what these add up to so far.',
    'The table goes from the dot product to the weight, each step with its formula. All of it is computed anew in float32: maps keep weights in half precision, so their last digits may differ.',
    'The first token is among the keys also where maps hide it and renormalise their rows: weights here are the model’s own.',
    'Rounding is what the model’s own float32 numbers leave beside sums in float64. An edit of scores or patterns stands there, too.',
    'In the row each score hangs below the logsumexp of all: the distance is −ln of its weight. Keys that the query does not see are shaded; where keys are narrower than a pixel the highest is shown.',
    'Beside another of as many tokens, “Difference” sets the steps of the two side by side, with what they differ by, and shows the keys whose weights differ most; of one head, also the dimensions.',
    'Export has both figures on white, and the numbers in full precision.'
  ],
  lookFor: [
    'A few dimensions that carry the sum: what this head compares.',
    'Scores that barely differ: the softmax spreads over them, whatever their size.',
    'A key that is high for every query: a resting place (sink) rather than a match.',
    'A cap that flattens the highest scores, or a bias that pushes far keys down.'
  ]
})

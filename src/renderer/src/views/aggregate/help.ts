import { aggregate } from '#common/analysis/aggregate.ts'
import { rollout } from '#common/analysis/rollout.ts'
import type { Help } from '../view.ts'

export const help: Help = {
  what: 'Attention of many heads as one map: the mean, the maximum or the minimum of their weights in each cell, or what attention and the residual stream have brought from each token to each place after a block (rollout). Two such maps side by side, or as a difference: of heads, blocks, texts, models, edits.',
  formulas: [
    { name: 'mean', formula: 'P[q,k] = Σ_h A_h[q,k] / H' },
    { name: 'maximum, minimum', formula: 'P[q,k] = max_h A_h[q,k], min_h A_h[q,k]' },
    { name: 'layer for the rollout', formula: 'Â_l = (mean_h A_l[h] + I) / 2' },
    { name: 'rollout after block l', formula: 'R_l = Â_l R_{l−1}, R_0 = Â_0' }
  ],
  sources: [...aggregate.about.sources, ...rollout.about.sources],
  reading: [
    'The first line says what is taken together. “This block” and “this head” follow what is selected; chosen heads are typed: 0.1 is a head, 2.* all of block 2, 3-5.0 the first head of blocks 3 to 5.',
    '“Compared with” puts a second choice beside it, or subtracts it. With another text, model or edits (Compare with), the second choice is of that one.',
    'Rows of a mean and of a rollout sum to 1, those of a maximum to at least 1, of a minimum to at most 1.',
    'Where layers see different keys (sliding windows), a cell is masked only where none of them sees it; a layer that does not see it counts with 0.',
    'Uniform attention is a baseline where all layers see the same, and of a rollout there is none.',
    'Weights are taken together in the half precision that they are kept in; rollout in float32, or of patterns as a session kept them where its model is not there. Analyse aggregate on the command line gives float32.',
    'A rollout is of all tokens, also where the first token is hidden in other maps.',
    'Export saves the maps on white and their numbers.'
  ],
  lookFor: [
    'Columns that stay in a minimum: tokens that every head attends to.',
    'Lines that show in a maximum and not in a mean: a few heads do that.',
    'What changes from the mean of one block to that of the next.',
    'A rollout that fades into its first columns: little of the nearer tokens is left.'
  ]
}

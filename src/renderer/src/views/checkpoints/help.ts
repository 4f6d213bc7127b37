import { diff } from '#common/analysis/diff/diff.ts'
import { changeStatistics } from '#common/figure/views/checkpoints-view.ts'
import type { Help } from '../view.ts'

export const help: Help = {
  what: diff.about.what,
  formulas: [
    ...changeStatistics.map(({ words, formula }) => ({ name: words, formula })),
    { name: 'σ', formula: 'singular values of b − a' }
  ],
  sources: diff.about.sources,
  reading: [
    diff.about.read,
    diff.about.baseline,
    'Choose a tensor to see the rows of it that changed most and the singular values of the change; a row opens both checkpoints there, side by side.',
    'Ranks of all changes take longer: of large models they are asked for by a button.'
  ],
  lookFor: [
    'An adapter of rank r: changes whose singular values end after r.',
    'Tensors that did not change: frozen layers, or a file that was not written.',
    'Other number types: all matrices alike, by a small share of their norm, along all directions.',
    'Rows of the embedding that changed when no others did: tokens that were added or trained.'
  ]
}

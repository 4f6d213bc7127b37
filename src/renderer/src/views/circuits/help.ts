import { circuits } from '#common/analysis/circuits/circuits.ts'
import { composition } from '#common/analysis/composition/composition.ts'
import { headWeights } from '#common/analysis/head-weights/head-weights.ts'
import { headNumbers } from '#common/figure/views/head-weight-numbers.ts'
import type { Help } from '../view.ts'

const all = [headWeights, composition, circuits]

export const help: Help = {
  what: all.map(({ about }) => about.what).join(' '),
  formulas: [
    ...headNumbers.map(({ words, formula }) => ({ name: words, formula })),
    ...circuits.about.formulas.map(formula => ({ name: 'over tokens', formula })),
    { name: 'trees', formula: 'Ward’s linkage of √Σ (a − b)² over all numbers of two matrices' }
  ],
  sources: [...new Set(all.flatMap(({ about }) => about.sources))],
  reading: [
    'A number of two heads is shown from the one that is selected: earlier layers have what it reads of them, later ones what they read of it.',
    'A matrix has a cell for each two heads: of composition the earlier one, which writes, down and the later one, which reads, across; similarity has both halves. A click on a cell, or on a pair of the list, chooses both and selects the first everywhere.',
    composition.about.read,
    headWeights.about.read,
    circuits.about.read,
    'Eigenvalues to the right of the line keep a direction, those to the left turn it around, those far from the axis turn it into another.'
  ],
  lookFor: [
    'An induction head: a high K composition with a head that attends to the token before, and copying near 1.',
    `Chance: ${composition.about.baseline}`,
    circuits.about.baseline,
    'Heads that join low in the tree of OV circuits: they write alike.'
  ]
}

import { activations } from '#common/analysis/activations/activations.ts'
import { experts } from '#common/analysis/experts.ts'
import type { Help } from '../view.ts'

const [measures, units] = activations.about.formulas

export const help: Help = {
  what: activations.about.what,
  formulas: [
    { name: 'norm, mean', formula: measures! },
    { name: 'units', formula: units! },
    { name: 'weight of an expert', formula: experts.about.formulas[0]! }
  ],
  sources: experts.about.sources,
  reading: [
    activations.about.read,
    'Layers: columns are tokens, rows are blocks, the last on top; of the unit that stands out a cell says which one it is, and its colour how large. Click a cell to choose its token and block everywhere.',
    'Units: rows are tokens, columns units of the selected block, of either sign; where there are more than 1,024, several are one cell, the one furthest from zero. At the side stand the units of the largest magnitude at the selected token, and how all values are distributed.',
    'At the side of Layers: how long the residual stream of the selected token is before all blocks (input) and after each, and how long that is which attention and MLP add.',
    'Experts: of a mixture the one of the largest weight at each token; at the side all that take part at the selected one, with what the router multiplies each with, and how the tokens are spread over those of the selected block, as shares of 1.'
  ],
  lookFor: [
    'A column that is dark in all rows: one unit that is large at every token, as residual streams often have.',
    'A token whose norm is far above the others from one block on, mostly the first: attention rests there.',
    'A block that adds hardly anything, or much more than its neighbours.'
  ]
}

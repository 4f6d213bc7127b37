import { spectrum } from '#common/analysis/spectrum/spectrum.ts'
import { weightStatistics } from '#common/analysis/weight-statistics/weight-statistics.ts'
import type { Help } from '../view.ts'

export const help: Help = {
  what: 'One number of the same weights in each layer: of stored tensors, whose names differ by the number of their layer alone, also of a checkpoint that cannot run; or of weights by their role, head by head.',
  formulas: [
    { name: 'standard deviation', formula: 'sd = √(Σ (w − mean)² / n)' },
    { name: 'norm', formula: '√Σ w²' },
    { name: 'skewness, excess kurtosis', formula: 'm₃ / m₂^1.5, m₄ / m₂² − 3' },
    { name: 'variance of a row', formula: 'Σ (w − its mean)² / n, over its weights' },
    { name: 'stable rank', formula: '‖W‖² / σ₁²' },
    { name: 'effective rank', formula: 'exp(−Σ p ln p), p = σ / Σ σ' },
    { name: 'α', formula: '1 + n / Σ ln(λᵢ / xmin) over the n largest λ = σ²' },
    { name: 'above chance', formula: 'singular values over sd · (√rows + √columns)' }
  ],
  sources: [...weightStatistics.about.sources, ...spectrum.about.sources],
  reading: [
    'In the name of weights {} stands for the number of the layer. A role, such as W_Q, is each head’s own part of what is stored, as [in, out].',
    'Of roles that heads have, each dot is a head and the line is their mean.',
    'Variances and norms of rows and columns are box plots: the box is from the first to the third quartile, the line across it is the median, and whiskers go to the smallest and the largest. Heads of a layer stand beside each other.',
    'Click a dot or a box, or go to it with arrow keys, to select its tensor and layer everywhere; a double click or Enter opens it.',
    'Weights that are NaN or infinite enter no number. A number that is not defined has no dot, and is counted below.'
  ],
  lookFor: [
    'A layer that stands apart from its neighbours: a fault, or work of its own.',
    'Norms that grow with depth: later layers write more into the stream.',
    'Ranks that fall: layers that do little.',
    'All layers alike, and an excess kurtosis of 0: weights as they were drawn, untrained.'
  ]
}

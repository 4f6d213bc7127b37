import { spectrum } from '#common/analysis/spectrum/spectrum.ts'
import { weightPca } from '#common/analysis/weight-pca/weight-pca.ts'
import { weightStatistics } from '#common/analysis/weight-statistics/weight-statistics.ts'
import type { Help } from '../view.ts'

export const help: Help = {
  what: 'The weights of one tensor as they are stored, of any checkpoint, also of one that cannot run: as a map down to single weights, in numbers, as singular values, and by the principal components of its rows.',
  formulas: [
    {
      name: 'map, pooled',
      formula: 'of the weights of a cell the one of largest |w|, with its sign; or their mean'
    },
    { name: 'standard deviation', formula: 'sd = √(Σ (w − mean)² / n)' },
    { name: 'skewness', formula: 'm₃ / m₂^1.5, of central moments over n' },
    { name: 'excess kurtosis', formula: 'm₄ / m₂² − 3: 0 of a normal distribution' },
    { name: 'KS distance', formula: 'max |F_n(w) − Φ((w − mean) / sd)|' },
    { name: 'z of a norm', formula: '0.6745 (norm − median) / median of |norm − median|' },
    { name: 'stable rank', formula: '‖W‖² / σ₁²' },
    { name: 'effective rank', formula: 'exp(−Σ p ln p), p = σ / Σ σ' },
    {
      name: 'α',
      formula:
        '1 + n / Σ ln(λᵢ / xmin) over the n largest λ = σ², for the xmin of least KS distance'
    },
    {
      name: 'components',
      formula: 'of each row less the mean of all: singular vectors, σₖ² / Σ σ²'
    },
    { name: 'chance', formula: 'sd · |√rows ± √columns|' }
  ],
  sources: [
    ...weightStatistics.about.sources,
    ...spectrum.about.sources,
    ...weightPca.about.sources
  ],
  reading: [
    'Rows are all axes of the tensor but the last, taken together; columns are the last. A tensor of one axis is a row.',
    'Zero has the colour of the paper; blue is below, red above. Colours go as far as the weight that is furthest from zero in the parts that are shown, or, with a fixed range, in all of the tensor.',
    'Where there is less room than weights, a cell stands for several; the line below says how many, and what of them is shown. A grey cell holds NaN.',
    'Zoom with the wheel or + and −, move by dragging, 0 shows all. A long tensor is zoomed along its length first. Deep in, each cell has its number. Or type a part: rows, columns, such as 0:300, 100:300; one index is one row, −1 the last.',
    'Several parts stand side by side in colours of one range, each under its own, which is typed there: type them with ; between them, or press the button beside the field. The wheel zooms the one that it is over, + and − all.',
    'Arrow keys move the cursor from cell to cell; what it is on stands below.',
    'The histogram has ranges of equal width from the smallest weight to the largest; the line is what a normal distribution of the same mean and deviation would have there.',
    'Weights that are NaN or infinite are counted, and enter no other number. Of many rows a norm stands for neighbours: the largest of them and the smallest.',
    'Singular values stand on a logarithmic axis. A matrix of independent weights of the same deviation has nearly all of its own between where chance begins and ends.',
    spectrum.about.read
  ],
  lookFor: [
    'Rows or columns that stand out as lines: dimensions that the model uses for something of its own.',
    'A histogram far from the normal one: heavy tails of a trained matrix, or the edges of one that was clipped.',
    'A row of zeros: a neuron or a token that nothing has touched.',
    'Singular values over the end of chance: directions that were learnt.',
    'An effective rank far below the shorter side: most of the matrix says little.'
  ]
}

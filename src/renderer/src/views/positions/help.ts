import { positions } from '#common/analysis/positions/positions.ts'
import type { Help } from '../view.ts'

export const help: Help = {
  what: 'How the model tells where a token stands. Where a matrix is added to embeddings, learned or of sines and cosines: the matrix, how alike positions are, dimensions as curves, the frequencies in them, and its principal components. Where queries and keys are turned: how fast each pair of dimensions turns, and how a score falls with distance. Where biases are added to scores, linear ones or by relative position: slopes and biases.',
  formulas: [
    { name: 'similarity', formula: 'cosine of the rows of two positions' },
    { name: 'neighbours', formula: 'Pearson correlation of rows i and i + 1' },
    {
      name: 'spectrum',
      formula: '|Σ_t (x_t − mean) e^(−2πikt/n)|² of a dimension, k cycles over all n positions'
    },
    {
      name: 'sinusoidal',
      formula: 'sin and cos of p / base^(2i/width) in turn, base 10,000 unless another is typed'
    },
    { name: 'sum', formula: 'W_E[token] + W_pos[position], before any norm' },
    {
      name: 'wavelength',
      formula: '2π / inv_freq_i, inv_freq_i = base^(−2i/dims), scaled as the model says'
    },
    { name: 'decay', formula: '(2/dims) Σ_i cos(inv_freq_i Δ)' },
    {
      name: 'slopes',
      formula:
        'of head h of H, a power of two: 2^(−8(h+1)/H); score += slope · key position · scale'
    }
  ],
  sources: positions.about.sources,
  reading: [
    'In the matrix a row is a position and a column a dimension, blue below zero and red above. Click a cell, or walk with the arrow keys: its number stands below, and its position is the token that is selected in the text.',
    'In the similarity map both sides are positions: a bright band along the diagonal says that near positions are alike. Of more than 512 positions every second, third … one is drawn, which the foot says.',
    'Curves are those of the dimensions whose variance over positions is highest, in the middle and lowest; name others, up to five.',
    'The spectrum is of dimensions less their mean; its axis of power has equal steps for equal factors.',
    '“Beside sinusoidal” sets the matrix of sines and cosines of the same size next to it, of any base, on one scale of colours.',
    'Rows beyond the training length are set apart by a bar and a line: config.json tells how long texts of training were where rotary positions are scaled; of learned ones the weights tell, where rows at the end are like none of their neighbours, and where you know better, type it.',
    'The table of biases by relative position has every head, and every bucket of distances: below zero keys before the query, above it those after.',
    'Sum: the embedding of each token of the text, what its position adds, and both together, on one scale of colours.',
    'Of rotary positions some scalings hang on the length of the text, which can be given.',
    'More than 2,048 positions are looked at by their first ones, which the foot says.'
  ],
  lookFor: [
    'Smooth curves of low frequency, and neighbours that correlate highly: what training makes of learned positions.',
    'Rows at the end that stand apart: positions that training hardly reached.',
    'Dimensions that do not vary: they are left to tokens.',
    'Wavelengths beyond the longest text: such pairs never come round, and tell content more than place.',
    'A first position unlike all others.'
  ]
}

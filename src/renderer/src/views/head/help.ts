import type { ModelInfo } from '#common/contract/schemas.ts'
import { uniformFormula, weightFormula } from '#common/text/attention-words.ts'
import type { Help } from '../view.ts'

export const help = (model: ModelInfo | null): Help => ({
  what: 'The attention pattern of one head: for every token (query, a row) how much it takes from every token that it may see (key, a column): those up to its own in a decoder, all in an encoder.',
  formulas: [
    {
      name: 'weight of key k for query q',
      formula: weightFormula(model?.scores ?? null, model?.config?.dHead)
    },
    { name: 'uniform, the baseline', formula: uniformFormula(model?.visibility ?? null) },
    {
      name: 'weight with the first token hidden',
      formula: 'A[q,k] / Σ_{j ≥ 1} A[q,j], for k ≥ 1'
    },
    { name: 'log1p scale', formula: 'ln(1 + 100 w)' },
    { name: 'square-root scale', formula: '√w' }
  ],
  sources: [
    'Vaswani et al. 2017, section 3.2.1',
    'Xiao et al. 2023, “Efficient Streaming Language Models with Attention Sinks”, for the first token',
    'Names as in TransformerLens: blocks.{l}.attn.hook_pattern'
  ],
  reading: [
    'A row is a distribution: its weights sum to 1.',
    'Weights are kept, shown and exported in half precision, to about 3 digits; trace and analyse on the command line give float32.',
    'Labels in a pill are special tokens, which the tokenizer adds or the text names, such as [CLS].',
    'Cells are empty where a query sees no key: above the diagonal in a decoder, and beyond a sliding window.',
    'Zero has the colour of the background. Colours run up to the highest weight of this head (queries that see one key alone aside), or to 1 with the fixed range.',
    'Wheel or + and − zoom, drag moves, double click or 0 fits. Arrow keys move the selected cell; with Shift by ten.',
    'Where cells are smaller than a pixel each pixel shows the highest of the cells it covers, or their mean; the read-out line says which.',
    'Below and beside the map the row and the column that are pointed at or selected stand as bars, where that is switched on: as high as the colours go, on their scale. P, or a click on a query’s label, keeps its row: others are drawn over it as a line.',
    'Look hides the first token, on which many heads rest what they do not need elsewhere: rows are then of the other tokens, and sum to 1 again.',
    'Two heads, texts, models or edits are compared side by side on one scale, or as their difference: blue where the first is less, red where it is more. A difference needs as many tokens.',
    'Export saves the map with these colours, scale and range, on white: of a zoomed one the part that is seen, or all of it.'
  ],
  lookFor: [
    'A line just under the diagonal: a previous-token head.',
    'A bright first column: the first token serves as a resting place (sink).',
    'Lines parallel to the diagonal in repeated text: induction or duplicate-token heads.',
    'Bright columns at spaces or punctuation: heads that follow the structure of words or sentences.'
  ]
})

import { scores } from '#common/analysis/head-scores/scores.ts'
import type { ModelInfo } from '#common/contract/schemas.ts'
import { weightFormula } from '#common/text/attention-words.ts'
import { headScoreKinds } from '#common/analysis/head-scores/score-kinds.ts'
import type { Help } from '../view.ts'

export const help = (model: ModelInfo | null): Help => ({
  what: 'Every attention head of the model on the text that ran: a small map for each, layers from top to bottom, heads from left to right, and the selected head large.',
  formulas: [
    {
      name: 'weight of key k for query q',
      formula: weightFormula(model?.scores ?? null, model?.config?.dHead)
    },
    {
      name: 'weight with the first token hidden',
      formula: 'A[q,k] / Σ_{j ≥ 1} A[q,j], for k ≥ 1'
    },
    { name: 'log1p scale', formula: 'ln(1 + 100 w)' },
    { name: 'square-root scale', formula: '√w' },
    ...headScoreKinds.map(({ name, of }) => ({
      name: `order by ${name.toLowerCase()}`,
      formula: scores.find(score => score.name === of)!.about
    })),
    {
      name: 'small maps of long texts',
      formula: 'highest, or mean, of the cells each pixel covers'
    }
  ],
  sources: [
    'Vaswani et al. 2017, section 3.2.1',
    'Ainslie et al. 2023, “GQA”, for heads that share keys and values',
    'Clark et al. 2019, “What Does BERT Look At?”, for surveys over all heads',
    'Xiao et al. 2023, “Efficient Streaming Language Models with Attention Sinks”, for the first token',
    'Names as in TransformerLens: blocks.{l}.attn.hook_pattern [head, query, key]'
  ],
  reading: [
    'In each map a row is a query and a column a key; the rows sum to 1.',
    'Weights are kept, shown and exported in half precision, to about 3 digits; trace and analyse on the command line give float32.',
    'Above the grid heads are put in the order of a score on this text, highest or lowest first, and those that do not reach a bound are left out; each has its name and its number. Scores are of whole rows, whether or not the first token is hidden. Export saves them in their order, the first as bars.',
    'Click a small map to see that head large. A double click opens it in a tab of its own.',
    'A bracket over the heads groups those that read the same key/value head (grouped-query attention).',
    'Of a model larger than the memory budget only the first block runs by itself; ▶ at a layer runs the blocks up to it.',
    'A notice above the maps says from which block on values are NaN or infinite; what is computed from them means nothing.',
    'Unless the range is fixed each map has one of its own: colours then do not compare between heads.',
    'Compared with another text or model, position is compared with position: “Difference” calls a place by the tokens of both where they are not alike, such as a/b.',
    'Below and beside the map the row and the column that are pointed at or selected stand as bars, where that is switched on: as high as the colours go, on their scale. P, or a click on a query’s label, keeps its row: others are drawn over it as a line.',
    'Look hides the first token, on which many heads rest what they do not need elsewhere: rows are then of the other tokens, and sum to 1 again.',
    'Square-root and log1p scales bring out small weights.',
    'The inspector scores the selected head on this text, or over a corpus that is kept among the texts.',
    'Export saves the large map with these colours, scale and range, on white.'
  ],
  lookFor: [
    'Diagonal lines: heads that look a fixed distance back.',
    'Vertical lines: tokens that many others attend to.',
    'Stripes parallel to the diagonal in repeated text: induction.',
    'Layers whose heads all look alike, and single heads that do not.'
  ]
})

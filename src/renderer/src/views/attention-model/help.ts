import type { ModelInfo } from '#common/contract/schemas.ts'
import { weightFormula } from '#common/text/attention-words.ts'
import type { Help } from '../view.ts'
import { leastWeight, mostLines, mostRows } from '#common/figure/small-lines.ts'

export const help = (model: ModelInfo | null): Help => ({
  what: 'Every head of the model, layers from top to bottom, heads from left to right: its tokens down both sides, queries and keys, joined by a line for each weight.',
  formulas: [
    {
      name: 'weight of key k for query q',
      formula: weightFormula(model?.scores ?? null, model?.config?.dHead)
    },
    { name: 'opacity', formula: 'place of the weight in the range of the look, by its scale' },
    {
      name: `texts of more than ${mostRows} tokens`,
      formula: 'highest, or mean, of the weights between the tokens of two rows'
    }
  ],
  sources: [
    'Vig 2019, “A Multiscale Visualization of Attention in the Transformer Model” (BertViz), the model view',
    'Ainslie et al. 2023, “GQA”, for heads that share keys and values'
  ],
  reading: [
    'In each square queries go down the left side and keys down the right; of texts that read from right to left the other way round.',
    `Weights below ${leastWeight} are left out, and of a text of many rows all but the strongest of each row: about ${mostLines} lines a head.`,
    `Texts of more than ${mostRows} tokens are pooled to at most that many rows, by the highest or by the mean, as the look says.`,
    'Point at a token in another view or in the line at the top: each head shows the lines of that query alone.',
    'Click a head to select it; a double click, or Enter, opens its lines large. Arrow keys go from head to head.',
    'Heads have the colours that they have in Lines. A bracket groups those that read the same key/value head.',
    'Unless the range is fixed each head has one of its own: opacity then does not compare between heads. Beside another, heads at one place have one range.',
    'Beside another of as many tokens, “Difference” draws what each head has less the one at its place there: red lines more, blue less. Of pooled texts it is that of the pooled weights.',
    'Weights are kept, shown and exported in half precision, to about 3 digits.',
    'Export saves the layers that have been seen.'
  ],
  lookFor: [
    'Steep parallel lines: heads that look a fixed distance back.',
    'Fans into the first token: heads that rest (sink).',
    'Level lines: heads that look at the token itself.',
    'A change of kind with depth: from neighbours in the first layers to words further away.'
  ]
})

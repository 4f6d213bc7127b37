import type { ModelInfo } from '#common/contract/schemas.ts'
import { weightFormula } from '#common/text/attention-words.ts'
import type { Help } from '../view.ts'

export const help = (model: ModelInfo | null): Help => ({
  what: 'The text as it is written, its tokens shaded by attention: from the token that is pointed at to each that it sees, or to it from each that sees it; of one head, or of the mean of all heads of its block.',
  formulas: [
    {
      name: 'weight of key k for query q',
      formula: weightFormula(model?.scores ?? null, model?.config?.dHead)
    },
    { name: 'mean of all heads', formula: 'Σ_h A_h[q,k] / H' },
    {
      name: 'from group Q to group K, of words and graphemes',
      formula: 'mean over q in Q of Σ over k in K of A[q,k]'
    }
  ],
  sources: [
    'Vaswani et al. 2017, section 3.2.1',
    'Clark et al. 2019, section 4.1, for words of several pieces: attention to them is summed, from them averaged',
    'Vig 2019, “A Multiscale Visualization of Attention in the Transformer Model”, for heads averaged in a view',
    'Unicode Standard Annex 29, section 3, for graphemes'
  ],
  reading: [
    'Point at a token: it is framed, and the others are shaded by its attention. Without a pointer it is the selected token, else the last one, or of what looks at it the first.',
    '“From it” reads a row of the map: what it takes from each key; the shades sum to 1. “To it” reads a column: what each query takes from it.',
    'Grey is what it cannot see, or what cannot see it.',
    'Words are what stands between white space, with their punctuation; graphemes are what a reader takes for one letter, such as a letter with its vowel signs, or an emoji of several tokens.',
    'Colours run to the highest weight shown: they tell which, and the line below how much. With the fixed range of the look, shades of two tokens compare.',
    'With the first token hidden (in the look) the others’ weights are divided by what is left of each row; the line below says so.',
    'Arrow keys move the selection, up and down by lines; with Shift by ten tokens. A click selects a token with its strongest counterpart.',
    'Compared with another run of as many tokens or another head, two texts stand side by side, or one is shaded by its weights less those of the other: position by position, zero unshaded.',
    'Weights are kept, shown and exported in half precision, to about 3 digits.',
    'Export saves the text as it flows now, shaded by the selected token’s attention, and its weights as numbers.'
  ],
  lookFor: [
    'Shades that stay at one distance as the pointer moves: a head that goes by position.',
    'Shades on what followed the same words before: induction.',
    'The same token shaded from everywhere: a resting place (sink).',
    'Whole words shaded where one letter is pointed at: a head that knows where words are.'
  ]
})

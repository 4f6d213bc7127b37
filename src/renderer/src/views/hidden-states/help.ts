import { hiddenStates } from '#common/analysis/hidden-states/hidden-states.ts'
import type { Help } from '../view.ts'

const [moves, anisotropy, sentence] = hiddenStates.about.formulas

export const help: Help = {
  what: hiddenStates.about.what,
  formulas: [
    { name: 'of a token', formula: moves! },
    { name: 'anisotropy', formula: anisotropy! },
    { name: 'a text', formula: sentence! }
  ],
  sources: hiddenStates.about.sources,
  reading: [
    hiddenStates.about.read,
    'Layers: columns are the tokens of the text, rows what enters the first block and what each block leaves, the last on top. Click a cell to choose its token and layer everywhere.',
    'Tokens, a word, texts: each cell is the cosine of two vectors at the chosen layer. A word is the token that is selected, or a text that is typed; of several tokens the last one’s vector counts. Its places are those in this text, in its lines, or in both texts of a pair or all of a corpus.',
    'At the side, layer over layer: the mean cosine of any two tokens (anisotropy), with the layer before, and with the input. A cosine is to be read beside what any two tokens have in common.'
  ],
  lookFor: [
    'A token that one block moves far more than the others, often the first: a place where attention rests.',
    'One word in two senses: its places are alike in early layers, and part in later ones.',
    'Cosines no higher than anisotropy: vectors that are no more alike than any two.',
    'Texts that are alike by their mean and not by their last token: they share words, not what comes next.'
  ]
}

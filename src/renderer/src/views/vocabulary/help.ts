import type { Help } from '../view.ts'

export const help: Help = {
  what: 'Every token that the model’s tokenizer has, and every row of its embedding: found by letters, by a regular expression, by kind, script and length.',
  formulas: [],
  sources: ['The Unicode Standard, Annex 24 (scripts)'],
  reading: [
    'Letters are found in a token’s text and in its spelling, whatever their case; # and a number is an id. A regular expression is JavaScript’s, with the flag u, of the text alone: ^\\p{Lu} finds capitals, ^ spaces before a word.',
    'A kind, a script or a length at the side is a filter; a second click takes it away. Kinds and scripts are counted over the whole vocabulary, lengths over what was found.',
    '“Parts of characters” are bytes that are no whole character. “Rows without a token” are rows of the embedding that no id of the tokenizer has, mostly padding; “tokens without a row” cannot be run.',
    'Arrow keys, Page Up and Page Down, Home and End go through the list; Enter opens the neighbours of the selected token.',
    'What was found can be selected together, up to 5,000 tokens in the order of the list: other views mark those that they show, and Projector draws them apart.'
  ],
  lookFor: [
    'Scripts that the vocabulary hardly has: their words become many tokens.',
    'The longest tokens: names and code that were common in the texts that it was made of, and rare where the model was trained.',
    'Special tokens that no text of yours has.'
  ]
}

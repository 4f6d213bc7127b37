import type { Help } from '../view.ts'

export const help: Help = {
  what: 'The text as the model reads it: its tokens with ids, bytes and places; how the text was normalised and cut into parts, and how each part became tokens; how many tokens other ways to split it give, and where they differ; and what any ids stand for.',
  formulas: [
    {
      name: 'BPE',
      formula: 'join the neighbours whose pair has the lowest rank, until none has one'
    },
    { name: 'Unigram', formula: 'argmax over all splits of Σ log p(piece)' },
    { name: 'WordPiece', formula: 'piece after piece, the longest that the vocabulary has' },
    { name: 'tokens a word', formula: 'tokens / runs of letters, digits and _' }
  ],
  sources: [
    'Sennrich, Haddow & Birch 2016, “Neural Machine Translation of Rare Words with Subword Units” (BPE)',
    'Kudo 2018, “Subword Regularization” (Unigram)',
    'Radford et al. 2019 (GPT-2): bytes spelled as letters'
  ],
  reading: [
    'Spaces are shown as ·, line ends as ↵, bytes that are no whole character as ⟨E2⟩. Characters are counted in UTF-16 units, as offsets are. A click selects a token in every view of the text.',
    'Several are selected together in the token line: Shift and a click, or Shift with an arrow key, Home or End, takes all from the selected one on. Every view marks those that it shows; Esc selects them no longer.',
    '“How it was split” lists the parts that are split by themselves; of the one that is chosen every merge, or the pieces of the best path with their scores, stands at the side.',
    '“Compared” counts what other open models, characters, bytes and plain words make of the same text. White space at the ends of a piece does not count as a difference.',
    'Texts of more than 10,000 characters are taken apart as far as that, which the foot says.',
    '“Dialogue” writes turns as the model’s own chat template has them; only what the template puts around them stands in grey. Alt+↑ and Alt+↓ move a turn. Its tokens are run as ids, with nothing put around them.',
    'Ids that no token has are left out of the decoded text, and listed.'
  ],
  lookFor: [
    'Many tokens a word: the vocabulary was not made of this language.',
    'Words that are split inside a stem, and letters of several tokens.',
    'Numbers: digit by digit, or in groups.',
    'The same word with and without a space before it: mostly two tokens.'
  ]
}

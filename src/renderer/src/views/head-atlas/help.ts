import { atlasScore } from '#common/analysis/head-atlas/atlas-scores.ts'
import {
  aboutBestOffset,
  headStatistics
} from '#common/analysis/head-statistics/head-statistics.ts'
import { windowScores } from '#common/analysis/head-statistics/window-scores.ts'
import type { Help } from '../view.ts'

const { about } = headStatistics
const named = [
  ...windowScores.map(({ name }) => name),
  ...['random_previous', 'random_duplicate', 'random_induction']
]

export const help = (): Help => ({
  what: 'What every head of the model does, in numbers: where it looks, how far, how sharply and at what; each beside uniform attention, with how sure it is over the windows that were read.',
  formulas: [
    ...named.map(atlasScore).map(({ words, formula }) => ({ name: words, formula })),
    { name: 'to a class X', formula: 'mean over q of Σ of A[q, k] over the k of class X' },
    { name: 'value', formula: 'Σ_w n_w s_w / Σ_w n_w over windows w, each of n_w queries' },
    {
      name: 'interval of 95 %',
      formula: '2.5 % and 97.5 % of means of as many windows, drawn with replacement'
    },
    {
      name: 'a finding',
      formula:
        'value − baseline ≥ 0.1 and p ≤ 0.05 on the first half of the windows; it holds where both are so on the second'
    },
    {
      name: 'loss without a head',
      formula:
        'z of the head ← 0 (zero), or ← its mean over positions (mean); loss = mean of −ln p(token)'
    },
    {
      name: 'p',
      formula:
        '(1 + times that the largest t of all heads, signs flipped by window, reaches t) / (1 + times)'
    }
  ],
  sources: [
    'Olsson et al. 2022; Wang et al. 2022: previous token, duplicate token, induction',
    'Clark et al. 2019, section 3: entropy; Vig & Belinkov 2019, section 4.3: distance',
    'Gu et al. 2024: attention to the first token',
    ...about.sources.slice(1),
    'Michel, Levy & Neubig 2019; Wang et al. 2022, section 3: the loss without a head'
  ],
  reading: [
    aboutBestOffset,
    'Beside another with as many layers and heads, “Difference” shows each score less that of the head at the same place, with an interval made of both (Zou and Donner 2008); a p or a spread it has not.',
    'A is a pattern [query, key], t the tokens. A score means something beside its baseline: the same of attention spread alike over all that the layer lets a query see.',
    'The text is cut into windows, as is a corpus; each head’s spread, interval and p are over those. p is corrected for the number of heads.',
    'p says that a head is above uniform attention, which nearly every head is of something; how far above is what matters.',
    'On random tokens that come twice nothing but the repetition tells what comes next.',
    'Classes go by the first letter of a token of several, spaces apart; final forms by the last. Special tokens are of no other class. Your own are regular expressions of the token’s text.',
    'Findings are made on the first half of the windows and tested on the second; one that fails there is shown as failed, and why. A finding takes at least six windows in each half. Of windows that overlap, which a corpus with a short stride has, there are none, nor intervals and p: they are not independent.',
    'Loss without them runs the windows again without each head of the layers that findings are of: where it rises, the model used the head. Heads that back one another up hide it. By class of token stands how many tokens that is: a large change of few tokens says little.',
    'Beside a selected finding stands how the present text goes on, by the most probable token each time, and how it does with that head’s output zeroed; the first token that differs is marked.',
    'Click a head to select it everywhere; arrow keys go from head to head; a double click opens it in a tab of its own.',
    'Computed in full precision: the first token is among the keys, whatever maps hide.',
    'The table takes conditions: previous > 0.3, induction.p < 0.05, layer = 2. A score goes by how its name begins.'
  ],
  lookFor: [
    'Heads far out on previous token or on induction on random tokens, and how deep they are.',
    'Heads that hold a score on random tokens, too: they go by places, not by what the text says.',
    'Layers whose heads all attend to the first token: sinks.',
    'Wide intervals: heads that do it on some windows only.'
  ]
})

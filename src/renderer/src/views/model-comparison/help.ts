import { atlasScore } from '#common/analysis/head-atlas/atlas-scores.ts'
import { headStatistics } from '#common/analysis/head-statistics/head-statistics.ts'
import { windowScores } from '#common/analysis/head-statistics/window-scores.ts'
import type { Help } from '../view.ts'

export const help = (): Help => ({
  what: 'What the heads of two models do, each on texts of its own: which kinds of heads there are and how deep they are, and what all heads together attend to; in words that are made of the numbers, and in pictures on one scale. Two checkpoints of one model, and one model on two texts, are compared head by head, too.',
  formulas: [
    ...windowScores.map(({ name }) => {
      const { words, formula } = atlasScore(name)
      return { name: words, formula }
    }),
    { name: 'mean of a model', formula: 'mean over its heads of the mean over windows' },
    {
      name: 'from letters to a class X',
      formula: 'mean over the q that are letters of Σ of A[q, k] over the k of class X'
    },
    {
      name: 'what is compared',
      formula: 'value − baseline; of entropy and distance, value ÷ baseline'
    },
    { name: 'difference', formula: 'a − b, with the interval (MOVER) below' },
    {
      name: 'its interval of 95 %',
      formula: 'a − b − √((a − a_low)² + (b_high − b)²) to a − b + √((a_high − a)² + (b − b_low)²)'
    },
    {
      name: 'told apart',
      formula: 'the interval of the difference does not hold zero'
    },
    {
      name: 'a kind of heads',
      formula:
        'value − baseline ≥ 0.1 and p ≤ 0.05 on both halves of the windows; of few windows value − baseline ≥ 0.1 alone'
    },
    { name: 'depth', formula: 'layer ÷ (layers − 1): 0 is the first layer, 1 the last' }
  ],
  sources: [
    'Olsson et al. 2022; Wang et al. 2022: previous token, duplicate token, induction',
    'Clark et al. 2019, section 3: entropy; Vig & Belinkov 2019, section 4.3: distance',
    'Zou & Donner 2008: the interval of a difference from the intervals of both',
    ...headStatistics.about.sources.slice(1)
  ],
  reading: [
    'Each side has a model and reads its text, or a corpus, in windows: set both above. Every number of a side is of what it reads.',
    'Scores are compared above their own baselines: uniform attention gives less to each token the longer a window is, and more to a class the more tokens are of it.',
    'A difference is told apart where its interval does not hold zero. Each stands by itself: of twenty about one is told apart by chance.',
    'Of one window there is no interval, nor of windows that overlap. Shorter windows make more of them; a corpus is better.',
    'Maps of both have one range. Click a head to select it in its model; arrow keys go from head to head; a double click opens it.',
    'Over the depth each point is a head; lines are the mean and the highest of each layer.',
    'Among the kinds by depth each head counts once, as what it is furthest above uniform attention.',
    'Head by head, models are compared only where shape and vocabulary are the same. Of two that were trained apart, heads at one place have nothing in common but the place.'
  ],
  lookFor: [
    'English and Hebrew: open both samples, each on its own text or a corpus of its language, and read which kinds of heads only one of them has.',
    'Whether a kind of heads stands at the same depth in both.',
    'Classes of tokens that letters of one language attend to and those of the other do not: vowels are letters like others in English, and mothers of reading (א ה ו י) in Hebrew.',
    'What is not told apart: it may be alike, or the windows may be too few.'
  ]
})

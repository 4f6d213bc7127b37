import { headDistances } from '#common/analysis/head-distances/head-distances.ts'
import type { Help } from '../view.ts'

export const help: Help = {
  what: 'Which heads do alike: groups of heads that attend to the same, or whose scores are alike, as a tree, as a map and as the distance of each two; and in words, by which score each group differs most from the rest.',
  formulas: [
    {
      name: 'by patterns',
      formula: 'd(i, j) = mean over queries q of JS(A_i[q], A_j[q]), in nats; at most ln 2 = 0.693'
    },
    { name: 'JS', formula: 'JS(p, r) = H((p + r)/2) − (H(p) + H(r))/2' },
    {
      name: 'by scores',
      formula: 'd(i, j) = √ Σ_s (z_is − z_js)², z = (score − mean over heads) / standard deviation'
    },
    {
      name: 'tree',
      formula:
        'Ward: those two are joined whose union has the least more variance, by Lance and Williams’ formula'
    },
    { name: 'map', formula: 'the places of the least Σ over i < j of (‖x_i − x_j‖ − d(i, j))²' },
    { name: 'stress', formula: '√(Σ (‖x_i − x_j‖ − d)² / Σ d²) over all pairs' },
    {
      name: 'what tells a group',
      formula:
        'the score of the largest |mean in it − mean of the rest| / standard deviation over heads'
    }
  ],
  sources: [
    ...headDistances.about.sources,
    'stress in words: Kruskal 1964: up to 0.05 very well, 0.1 well, 0.2 roughly',
    'scores: those of the head atlas'
  ],
  reading: [
    'Each leaf of the tree is a head, layer.head; two branches meet at the height at which their heads were joined. The line is where the groups part: move it by their number.',
    'Groups are numbered along the tree. Heads that join at equal heights are not parted, so that there may be fewer groups than asked for.',
    'On the map near heads lie near one another, as far as a plane can show it: its stress says how far. Axes have no meaning of their own, and there are none.',
    'In the matrix heads stand in the order of the tree: groups are squares along the diagonal, near heads have the colour of the paper. Of a fixed range colours go to ln 2.',
    'Heads near one another by patterns look at the same tokens of this text; what they pass on may differ. By scores they do the same in numbers, wherever in the text.',
    'Scores are standardised: each weighs alike, and scores that say the same count twice. What is alike for all heads is left out, and said.',
    '“Whole” shows all heads at once and thins labels out; “Labels” has a row for each and scrolls.',
    'Click a head to select it everywhere, a double click opens it; Select takes all of a group, which other views mark, too; arrow keys go along the tree, on the map to the nearest head that way.',
    'Compared with another model, text or edits, both sides have the same settings and one scale; groups of the two are numbered each for itself.',
    'Computed in full precision: the first token is among the keys, whatever maps hide.'
  ],
  lookFor: [
    'One large group told by first token: heads that rest.',
    'Small groups that stay together when there are more: heads that do one thing.',
    'Groups across layers: the same is done at several depths.',
    'A head far from all others: look at its pattern.',
    'Heads that are near by scores and not by patterns, or the other way round.'
  ]
}

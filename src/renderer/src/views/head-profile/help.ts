import { headContexts } from '#common/analysis/head-contexts/head-contexts.ts'
import { queryScores } from '#common/analysis/head-contexts/query-scores.ts'
import { aboutBestOffset } from '#common/analysis/head-statistics/head-statistics.ts'
import type { Help } from '../view.ts'

export const help = (): Help => ({
  what: 'One head over a text or a corpus: how a score of its queries is distributed, and queries drawn from the whole range of that score, each with the text around it. What a head does at its strongest is often not what it does most of the time.',
  formulas: [
    ...queryScores.map(({ words, about }) => ({ name: words, formula: about })),
    { name: 'mean', formula: 'of the score, over all queries that have it' },
    {
      name: 'uniform',
      formula: 'the same mean, were attention spread alike over what each query sees'
    }
  ],
  sources: [
    'Previous token, duplicate token, induction: Olsson et al. 2022; Wang et al. 2022',
    'Entropy: Clark et al. 2019, section 3; distance: Vig & Belinkov 2019, section 4.3',
    ...headContexts.about.sources
  ],
  reading: [
    aboutBestOffset,
    'A is the pattern [query, key] of a window, t its tokens. Queries that see one key alone are left out: they have no choice.',
    'Bars count queries by their score, along √score for shares of attention, ln(1 + score) for distances. Their two tones tell the parts that contexts are drawn from.',
    'Parts hold equally many queries, or are equally wide; there are fewer where many queries have nearly the same score, for these are not told apart.',
    'In each line the query stands in the middle, framed; shaded tokens are what it attends to, by the colours of the maps. Less than is to be seen at all has no shade.',
    'Contexts are drawn by a seed: Draw others takes the next. Equal seeds draw alike on equal texts.',
    'Weight on keys too far away to be shown is told in the line at the bottom, as is the key with the largest weight.',
    'Of the present text a line selects its query everywhere. Where the text is cut into windows, the head saw only its window here, and all of the text in a map.',
    'A double click, or the sign at a line’s end, opens its window as a text of its own at that query: all of it in windows of up to 129 tokens, of longer ones 128 tokens on each side. Enter does so where the line is of another text.',
    'Arrow keys go from line to line, Page up and Page down from part to part. Computed in full precision.',
    'Beside another head, text or model, “Difference” draws what the head has less the other, offset by offset and score by score, with an interval made of both. Contexts have no difference: they are shown side by side.',
    'HeadVis, in the bar, writes texts of all heads into a new folder as the pages of that program read them, and shows what such a folder tells of the head, whoever wrote it: a sequence stands at the query of its largest weight but those of the first query and the first key, which is its activation.',
    'Where Look hides the first token, contexts and their scores are of patterns without it, each row divided by what is left. The scores beside them are of whole patterns.'
  ],
  lookFor: [
    'Shades that stand in one column: the head goes by distance.',
    'Two humps: the head does something on some queries and rests on the others. Where does it rest?',
    'Top contexts that share a token, a word or a place in the line, and middle ones that do not.',
    'Contexts of the lowest part: what has to be missing for the head to stay idle.'
  ]
})

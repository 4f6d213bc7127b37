import type { ModelInfo } from '#common/contract/schemas.ts'
import { weightFormula } from '#common/text/attention-words.ts'
import type { Help } from '../view.ts'

export const help = (model: ModelInfo | null): Help => ({
  what: 'The tokens twice, as queries and as keys, joined by a line for each weight: the more opaque, the higher. Several heads of a block at once, a colour each.',
  formulas: [
    {
      name: 'weight of key k for query q',
      formula: weightFormula(model?.scores ?? null, model?.config?.dHead)
    },
    { name: 'opacity', formula: 'place of the weight in the range of the look, by its scale' },
    { name: 'left out', formula: 'Σ of weights below the least / Σ of all weights looked at' }
  ],
  sources: [
    'Vig 2019, “A Multiscale Visualization of Attention in the Transformer Model” (BertViz), the head view',
    'Vaswani et al. 2017, section 3.2.1',
    'Okabe and Ito 2008, for colours that the colour-blind tell apart'
  ],
  reading: [
    'Queries stand at the left and keys at the right; of texts that read from right to left the other way round.',
    'Point at a query to see what it takes alone, at a key to see what takes from it. “Selected” leaves the lines of the selected query.',
    'A click on a head’s number shows or hides it; a double click leaves it alone. While none is chosen the selected head is shown.',
    'There are eight colours: the ninth head has that of the first.',
    'Weights below the least are left out, and the line below says how many and how much of the attention they are of the queries on screen, or of the token that is pointed at.',
    'Of a long text the lines of the queries on screen are drawn, to whichever keys; point at a key to see all that look at it.',
    'With the first token hidden (in the look) its lines are gone and the other weights are divided by what is left of each row.',
    'Beside another of as many tokens, “Difference” draws what the first has less the second: red lines where it has more, blue where less, as opaque as the difference is large.',
    'Arrow keys move the query up and down, and its key with left and right, never onto one that is masked.',
    'Weights are kept, shown and exported in half precision, to about 3 digits.',
    'Export saves the rows that are seen, or all of a short text, and the lines as numbers.'
  ],
  lookFor: [
    'Parallel lines that rise: a head that looks a fixed distance back.',
    'A fan into one key: a resting place (sink), or a token that many need.',
    'Lines of one head between the same words only: a head that matches tokens.',
    'Two heads of one colour pattern: heads that do the same.'
  ]
})

import { lens } from '#common/analysis/lens/lens.ts'
import type { Help } from '../view.ts'

export const help: Help = {
  what: 'What each layer would say if it were the last: the residual stream after each block, or what attention or MLP of a block adds, at every token of the text, through the model’s own final norm and unembedding.',
  formulas: [
    {
      name: 'lens of a stream',
      formula: 'softmax(W_U · ln_final(resid) + b_U); the scale of ln_final is that of the stream'
    },
    {
      name: 'rank of a token',
      formula: 'number of tokens with a strictly higher logit, so it counts from 0'
    },
    { name: 'KL to the final', formula: 'KL(final ‖ lens) = Σ p_final (ln p_final − ln p_lens)' },
    { name: 'entropy', formula: '−Σ p ln p, in nats' }
  ],
  sources: lens.about.sources,
  reading: [
    'Columns are the tokens of the text, under each the one that follows it. Rows are layers, the last on top; the lowest row of the residual stream is the embedding before all blocks.',
    'A cell names the most probable token there: in bold where it is the one that follows, or the one that is looked for.',
    'Colours say how probable the top token is; how probable a token is or which rank it has; how far the layer is from what the model says in the end; or how undecided it is. Ranks are coloured by their logarithm, the first the strongest.',
    'The token of rank and probability is the next one of the text, until another is typed, or chosen at the side: letters with their space, or # and an id.',
    'The top row of the residual stream is the model’s own prediction: its KL is 0.',
    'What attention or MLP adds is normed by itself, so that it is larger than it is within the stream: the grid says what it points to, not how much it counts.',
    'Early layers need not speak the language of the unembedding: a high KL there says that the lens cannot read them, not that nothing is known.',
    'Of a model of masked tokens a column is about the token at it. Of labels of a text as a whole there is one column.',
    'Click a cell to choose its token and layer everywhere; arrow keys go from cell to cell, with Shift ten tokens at a time.',
    'Texts of up to 64 tokens are saved whole as a figure, of longer ones the columns that are seen; numbers are of all.'
  ],
  lookFor: [
    'The layer from which on the answer stays: what comes after hardly changes it.',
    'A token that is right early and wrong in the end, or the other way round.',
    'Low layers that repeat the text: the token itself is still what the stream says most.',
    'A block whose attention or MLP names the answer before the stream does.'
  ]
}

import { analogy } from '#common/analysis/embeddings/analogy.ts'
import { dimensions } from '#common/analysis/embeddings/dimensions.ts'
import { neighbours } from '#common/analysis/embeddings/neighbours.ts'
import { similarity } from '#common/analysis/embeddings/similarity.ts'
import type { Help } from '../view.ts'

export const help: Help = {
  what: 'The vectors of words in the embedding matrix: which tokens are near to a word, in which dimensions it stands out and which tokens do so there, how alike the words of a list are, and what is to c as a is to b.',
  formulas: [
    { name: 'nearest', formula: neighbours.about.formulas.slice(0, 3).join('; ') },
    { name: 'similarity', formula: similarity.about.formulas[0]! },
    { name: 'analogy', formula: analogy.about.formulas.slice(0, 2).join('; ') },
    { name: 'several tokens', formula: 'x = mean of the rows of the word’s tokens' }
  ],
  sources: [...new Set([...neighbours.about.sources, ...analogy.about.sources])],
  reading: [
    'Until a word is typed it is the token that is selected in the text. Letters are taken as they are: a space before a word counts, for most vocabularies have another token for it. # and a number is a token by its id.',
    'A click on a token makes it the word; a click on a dimension lists the tokens that are highest and lowest in it.',
    'A word that the tokenizer splits has the mean of its tokens’ rows; which they are stands below the bar.',
    'In a list words stand between commas or in lines; in quotes, such as " king", spaces around them count. Left empty, it is of the tokens that are selected together, here or in another view.',
    neighbours.about.read,
    analogy.about.read
  ],
  lookFor: [
    'The same word with and without a space, with a capital and without: near in most models.',
    'A dimension that is extreme for nearly every token: it tells nothing of this one.',
    dimensions.about.read,
    'Neighbours by cosine that change once the mean row is subtracted: they were near to everything.'
  ]
}

import { saidCut } from '../../analysis/subject.ts'
import { subjectOfModel } from '../../analysis/subject-of-model.ts'
import type { Dataset } from '../../data/dataset.ts'
import { Json } from '../../model/json.ts'
import { corpusName } from '../../text/corpus-text.ts'
import { numbersBeside } from '../figures-beside.ts'
import { modelOrigin, runOrigin } from '../views/origin.ts'
import type { FigureMaker } from './figure-maker.ts'
import type { AskedNumbers } from './made-figure.ts'

/** What an analysis comes to of two, beside each other, as the window saves the numbers of two sides of a tab. */
export async function madeNumbersBeside(
  maker: FigureMaker,
  own: AskedNumbers,
  other: AskedNumbers
): Promise<Dataset> {
  const one = await numbersOf(maker, own)
  return numbersBeside(one, await numbersOf(maker, other))
}

/** Of each what an analysis of one comes to: a file is cut into windows, and no text is run beside it. */
async function numbersOf(
  maker: FigureMaker,
  { analysis, params, model, reads: { name, ...reads }, edits, provider }: AskedNumbers
) {
  const of = subjectOfModel(model, { ...reads, provider }, edits)
  const result = await maker.analysis({ name: analysis, params: Json.parse(params), of })
  const { inputs } = reads
  const [input = null] = inputs
  const isText = name === null && inputs.length === 1 && input !== null && !('path' in input)
  const source = { input: isText ? input : null, edits: of.edits, provider: of.provider }
  const corpus = !isText && { corpus: { name: name ?? corpusName(inputs), inputs } }
  const cut = saidCut(reads)
  const origin =
    input === null
      ? modelOrigin(model, analysis)
      : runOrigin(model, { source, ...corpus, ...(cut && { cut }) }, analysis)
  return { from: { of: origin, again: { analysis, params } }, dataset: () => result }
}

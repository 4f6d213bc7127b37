import type { Client } from '#common/contract/rpc.ts'
import type { Dataset } from '#common/data/dataset.ts'
import { numbersBeside } from '#common/figure/figures-beside.ts'
import { modelOrigin, runOrigin } from '#common/figure/views/origin.ts'
import { Json } from '#common/model/json.ts'
import { corpusName } from '#common/text/corpus-text.ts'
import { analysisRun, subjectOfModel } from './analysis-run.ts'
import type { AskedNumbers } from './made-figure.ts'
import type { Told } from './tell-result.ts'

/** What an analysis comes to of two, beside each other, as the window saves the numbers of two sides of a tab. */
export async function madeNumbersBeside(
  client: Client,
  own: AskedNumbers,
  other: AskedNumbers,
  { printError }: Pick<Told, 'printError'>
): Promise<Dataset> {
  const one = await numbersOf(client, own, printError)
  return numbersBeside(one, await numbersOf(client, other, printError))
}

/** Of each what an analysis of one comes to: a file is cut into windows, and no text is run beside it. */
async function numbersOf(
  client: Client,
  { analysis, params, model, reads: { name, ...reads }, edits, provider }: AskedNumbers,
  printError: Told['printError']
) {
  const of = subjectOfModel(model, { ...reads, provider }, edits)
  const result = await analysisRun(
    client,
    { name: analysis, params: Json.parse(params), of },
    printError
  )
  const { inputs } = reads
  const [input = null] = inputs
  const isText = name === null && inputs.length === 1 && input !== null && !('path' in input)
  const source = { input: isText ? input : null, edits: of.edits, provider: of.provider }
  const corpus = !isText && { corpus: { name: name ?? corpusName(inputs), inputs } }
  const origin =
    input === null
      ? modelOrigin(model, analysis)
      : runOrigin(model, { source, ...corpus }, analysis)
  return { from: { of: origin, again: { analysis, params } }, dataset: () => result }
}

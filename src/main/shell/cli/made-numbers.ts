import type { Client } from '#common/contract/rpc.ts'
import type { Dataset } from '#common/data/dataset.ts'
import { numbersBeside } from '#common/figure/figures-beside.ts'
import { modelOrigin, runOrigin } from '#common/figure/views/origin.ts'
import { sourceOf, type AskedNumbers } from './made-figure.ts'
import type { Told } from './tell-result.ts'

/** What an analysis comes to of two, beside each other, as the window saves the numbers of two sides of a tab. */
export async function madeNumbersBeside(
  client: Client,
  own: AskedNumbers,
  other: AskedNumbers,
  told: Pick<Told, 'version' | 'printError'>
): Promise<Dataset> {
  const one = await numbersOf(client, own, told)
  return numbersBeside(one, await numbersOf(client, other, told))
}

async function numbersOf(
  client: Client,
  asked: AskedNumbers,
  told: Pick<Told, 'version' | 'printError'>
) {
  const { analysis, params, model, reads } = asked
  const source = await sourceOf(client, asked, null, told)
  const isOfTexts = reads.inputs.length > 0
  const result = await source.analysis(analysis, params, isOfTexts ? 'whole' : 'nothing')
  const of = isOfTexts
    ? runOrigin(model, (await source.windows()).run, analysis)
    : modelOrigin(model, analysis)
  return { from: { of, again: { analysis, params } }, dataset: () => result }
}

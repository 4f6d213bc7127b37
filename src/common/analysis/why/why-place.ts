import { checkDifferent } from '../../model/check-different.ts'
import { checkIndex } from '../../model/check-index.ts'
import type { ModelFacts } from '../analysis.ts'
import { widthsOf } from '../model-widths.ts'

/** Where it is asked, and of which two tokens. */
export interface WhyPlace {
  readonly position: number
  readonly token: number
  readonly other: number
}

const one = /(?:last|\d{1,9}):\d{1,9}-\d{1,9}/

/** How it is written: `7:12-5`, or `last:12-5`; several with commas, one for each prompt. */
export const whyPlaces = new RegExp(`^${one.source}(?:,${one.source})*$`)

/**
 * @param place one of those that `whyPlaces` matches
 * @param tokens of the prompt; 0 where only what every prompt needs is asked
 * @throws LamellaError `invalid-argument` when model or prompt have no such place or token
 */
export function whyPlaceOf(place: string, model: ModelFacts, tokens: number): WhyPlace {
  const [at, pair] = place.split(':') as [string, string]
  const [token, other] = pair.split('-').map(Number) as [number, number]
  const width = model.labels?.length ?? widthsOf(model).dVocab
  checkIndex('token', token, width)
  checkIndex('token', other, width)
  checkDifferent(token, other)
  const places = model.ofText ? 1 : tokens
  const position = at === 'last' ? Math.max(0, places - 1) : Number(at)
  if (tokens > 0) checkIndex('position', position, places)
  return { position, token, other }
}

export function targetOf({ position, token, other }: WhyPlace) {
  return { kind: 'difference', position, token, other } as const
}

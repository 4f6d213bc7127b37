import { sideNames } from '../analysis/head-comparison/compared-model.ts'
import type { ModelInfo } from '../contract/schemas.ts'
import { inputText } from '../text/input-text.ts'
import type { Origin } from './provenance.ts'

/** One of two that are shown beside each other. */
export interface Captioned {
  readonly model: Pick<ModelInfo, 'name' | 'fingerprint'>
  readonly run: { readonly source: Pick<Origin, 'input' | 'corpus' | 'edits'> }
  /** What of the model it is, such as `Head 0.1`; empty for all of it. */
  readonly name: string
}

/** What tells two apart, for each: its name, and of model, text or corpus, and edits what is not the same; which it is where nothing does. */
export function captions(a: Captioned, b: Captioned): [string, string] {
  const models = sideNames(a.model.name, b.model.name)
  const isOneModel = a.model.fingerprint === b.model.fingerprint
  const parts: ((own: Captioned) => string)[] = [
    own => (isOneModel ? '' : models[own === a ? 0 : 1]),
    ({ name }) => name,
    ({ run: { source } }) => shortened(readBy(source)),
    ({ run: { source } }) => (source.edits.length === 0 ? 'unedited' : 'edited')
  ]
  const telling = parts.filter((part, i) => (i === 1 && part(a) !== '') || part(a) !== part(b))
  const [own, other] = [a, b].map(side => telling.map(part => part(side)).join(' · '))
  if (own !== other) return [own!, other!]
  const named = (which: string) => [own, which].filter(part => part !== '').join(' · ')
  return [named('the first'), named('the second')]
}

function readBy({ input, corpus }: Captioned['run']['source']): string {
  return input === null ? (corpus?.name ?? '') : inputText(input)
}

/** What one is called less the other. */
export function lessCaption(a: Captioned, b: Captioned): string {
  return captions(a, b).join(', less ')
}

/** What tells two figures apart, by where they come from. */
export function originCaptions(a: Origin, b: Origin): [string, string] {
  const isOnePlace = a.place === b.place
  const [one, other] = [a, b].map(({ model: name, fingerprint, place, ...source }) => ({
    model: { name, fingerprint },
    run: { source },
    name: isOnePlace ? '' : place
  }))
  return captions(one!, other!)
}

function shortened(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim()
  return line.length > 40 ? `${line.slice(0, 39)}…` : line
}

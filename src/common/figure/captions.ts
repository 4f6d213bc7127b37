import { sideNames } from '../analysis/head-comparison/compared-model.ts'
import type { ModelInfo } from '../contract/schemas.ts'
import { inputText } from '../text/input-text.ts'
import { paramsText } from '../text/params-text.ts'
import type { CommandParams, KeptProvenance, Origin } from './provenance.ts'

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

/** What tells two sides apart that are put beside each other: figures by their places, numbers of an analysis by what that was asked. */
export function sideCaptions(
  one: Pick<KeptProvenance, 'of' | 'again'>,
  other: Pick<KeptProvenance, 'of' | 'again'>
): [string, string] {
  const isOfNumbers = 'analysis' in one.again && 'analysis' in other.again
  const [a, b] = [one, other].map(({ of, again }, i) =>
    isOfNumbers ? { ...of, place: askedOtherwise(again, [other, one][i]!.again) } : of
  )
  return originCaptions(a!, b!)
}

/** The params that are not another's. */
function askedOtherwise(own: KeptProvenance['again'], other: KeptProvenance['again']): string {
  const [asked, others] = [own, other].map(again => ('params' in again ? again.params : {}))
  const isOther = (name: string) => textOf(asked!, name) !== textOf(others!, name)
  const names = Object.keys(asked!).filter(isOther)
  return paramsText(Object.fromEntries(names.map(name => [name, asked![name]])))
}

function textOf(params: CommandParams, name: string): string {
  return paramsText({ [name]: params[name] })
}

function shortened(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim()
  return line.length > 40 ? `${line.slice(0, 39)}…` : line
}

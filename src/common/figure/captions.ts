import { sideNames } from '../analysis/head-comparison/compared-model.ts'
import type { ModelInfo } from '../contract/schemas.ts'
import { inputText } from '../text/input-text.ts'
import type { Origin } from './provenance.ts'

/** One of two that are shown beside each other. */
export interface Captioned {
  readonly model: Pick<ModelInfo, 'name' | 'fingerprint'>
  readonly run: { readonly source: Pick<Origin, 'input' | 'edits'> }
  /** What of the model it is, such as `Head 0.1`; empty for all of it. */
  readonly name: string
}

/** What tells two apart, for each: its name, and of model, text and edits what is not the same. */
export function captions(a: Captioned, b: Captioned): [string, string] {
  const models = sideNames(a.model.name, b.model.name)
  const isOneModel = a.model.fingerprint === b.model.fingerprint
  const parts: ((own: Captioned) => string)[] = [
    own => (isOneModel ? '' : models[own === a ? 0 : 1]),
    ({ name }) => name,
    ({ run: { source } }) => shortened(source.input === null ? '' : inputText(source.input)),
    ({ run: { source } }) => (source.edits.length === 0 ? 'unedited' : 'edited')
  ]
  const telling = parts.filter((part, i) => (i === 1 && part(a) !== '') || part(a) !== part(b))
  const said = (own: Captioned) => telling.map(part => part(own)).join(' · ')
  return [said(a), said(b)]
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
  const [own, second] = captions(one!, other!)
  return own === second ? ['the first', 'the second'] : [own, second]
}

function shortened(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim()
  return line.length > 40 ? `${line.slice(0, 39)}…` : line
}

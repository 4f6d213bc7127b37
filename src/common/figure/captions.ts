import { sideNames } from '../analysis/head-comparison/compared-model.ts'
import type { ModelInfo } from '../contract/schemas.ts'
import type { Reading } from '../analysis/subject.ts'
import { cutText } from '../text/corpus-text.ts'
import { inputText } from '../text/input-text.ts'
import { paramsText } from '../text/params-text.ts'
import type { CommandParams, KeptProvenance, Origin } from './provenance.ts'
import { lettersOf } from '../text/cut-short.ts'

/** One of two that are shown beside each other. */
export interface Captioned {
  readonly model: Pick<ModelInfo, 'name' | 'fingerprint'>
  readonly run: Pick<Reading, 'corpus' | 'cut'> & {
    readonly source: Pick<Reading, 'input' | 'edits'>
  }
  /** What of the model it is, such as `Head 0.1`; empty for all of it. */
  readonly name: string
}

/** Letters of a text in what stands above a side, in lines, and in names. */
const most = { side: 80, name: 40 } as const
type CaptionPlace = keyof typeof most

/**
 * What tells two apart, for each: its name, and of model, text or corpus, how that is cut, and edits what is not the same; which it is where nothing does.
 * @param as what it stands in
 */
export function captions(a: Captioned, b: Captioned, as: CaptionPlace = 'side'): [string, string] {
  const models = sideNames(a.model.name, b.model.name)
  const reads = shortened([readBy(a.run), readBy(b.run)], most[as])
  const isOneModel = a.model.fingerprint === b.model.fingerprint
  const parts: ((own: Captioned) => string)[] = [
    own => (isOneModel ? '' : models[own === a ? 0 : 1]),
    ({ name }) => name,
    own => reads[own === a ? 0 : 1],
    ({ run: { cut } }) => cutText(cut ?? { window: null, stride: null }),
    ({ run: { source } }) => (source.edits.length === 0 ? 'unedited' : 'edited')
  ]
  const telling = parts.filter((part, i) => (i === 1 && part(a) !== '') || part(a) !== part(b))
  const [own, other] = [a, b].map(side => telling.map(part => part(side)).join(' · '))
  if (own !== other) return [own!, other!]
  const named = (which: string) => [own, which].filter(part => part !== '').join(' · ')
  return [named('the first'), named('the second')]
}

function readBy({ source: { input }, corpus }: Captioned['run']): string {
  return input === null ? (corpus?.name ?? '') : inputText(input)
}

/** What one is called less the other. */
export function lessCaption(a: Captioned, b: Captioned): string {
  return captions(a, b, 'name').join(', less ')
}

/** What tells two figures apart, by where they come from. @param as what it stands in */
export function originCaptions(a: Origin, b: Origin, as: CaptionPlace = 'side'): [string, string] {
  const isOnePlace = a.place === b.place
  const [one, other] = [a, b].map(
    ({ model: name, fingerprint, place, corpus, cut, ...source }) => ({
      model: { name, fingerprint },
      // Places that are not one say how many windows of which length were read.
      run: { source, ...(corpus && { corpus }), ...(isOnePlace && cut && { cut }) },
      name: isOnePlace ? '' : place
    })
  )
  return captions(one!, other!, as)
}

/**
 * What tells two sides apart that are put beside each other: figures by their places, numbers of an analysis by what that was asked.
 * @param as what it stands in
 */
export function sideCaptions(
  one: Pick<KeptProvenance, 'of' | 'again'>,
  other: Pick<KeptProvenance, 'of' | 'again'>,
  as: CaptionPlace = 'side'
): [string, string] {
  const isOfNumbers = 'analysis' in one.again && 'analysis' in other.again
  const [a, b] = [one, other].map(({ of, again }, i) =>
    isOfNumbers ? { ...of, place: askedOtherwise(again, [other, one][i]!.again) } : of
  )
  return originCaptions(a!, b!, as)
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

/** Two texts, each in a line of so many letters at most: those around where they differ, where that is later. */
function shortened(texts: readonly [string, string], most: number): [string, string] {
  const [one, other] = texts.map(text => lettersOf(text.replaceAll(/\s+/g, ' ').trim()))
  const first = one!.findIndex((letter, i) => letter !== other![i])
  const differ = first < 0 ? one!.length : first
  const longest = Math.max(one!.length, other!.length)
  // A few letters say how they differ.
  const isLate = longest > most && differ > most - 10 && differ < longest
  const from = isLate ? differ - Math.floor(most / 2) : 0
  const cut = (letters: readonly string[]) => {
    const rest = from === 0 ? letters : ['…', ...letters.slice(from)]
    return (rest.length > most ? [...rest.slice(0, most - 1), '…'] : rest).join('')
  }
  return [cut(one!), cut(other!)]
}

import { numberText } from '../../text/number-text.ts'
import { atlasScore } from '../head-atlas/atlas-scores.ts'
import { classWords } from './class-words.ts'
import type { ComparedMean, MeanOfModel } from './compared-means.ts'
import type { Estimate } from './difference-interval.ts'
import type { ComparedHeads, ComparedKind, HeadComparison } from './head-comparison.ts'
import type { KindOfModel } from './head-kinds.ts'

/** Some of what a comparison says, under a heading. */
export interface ComparisonPart {
  readonly heading: string
  readonly sentences: readonly ComparisonSentence[]
}

export interface ComparisonSentence {
  /** Which score, by its name. */
  readonly score: string
  /** What it is about. */
  readonly subject: string
  /** What it says of that. */
  readonly text: string
}

/** Kinds that are told also where no head is of them. */
const always = ['previous_token', 'first_token', 'duplicate_token', 'induction']
/** Of these letters alone say the same, and better. */
const ofLetters = ['to_vowel', 'to_consonant', 'to_space']

/**
 * What a comparison comes to, in sentences that are made of its numbers.
 * @param text a number as it is shown
 */
export function comparisonWords(
  comparison: HeadComparison,
  text: (value: number) => string = numberText
): ComparisonPart[] {
  const { sides, rule, kinds, means, heads } = comparison
  const names: Names = [sides[0].name, sides[1].name]
  const told = means.filter(({ name }) => !ofLetters.includes(name))
  const size = ({ difference }: ComparedMean) =>
    Math.abs(difference.value) / (difference.high - difference.low)
  const apart = told
    .filter(({ verdict }) => verdict === 'apart')
    .toSorted((a, b) => size(b) - size(a))
  const shown = kinds.filter(
    ({ score, sides }) => always.includes(score) || sides.some(({ heads }) => heads.length > 0)
  )
  const byRule =
    rule === 'found'
      ? 'found on one half of the windows and held on the other'
      : 'by their scores alone, not tested'
  const parts: ComparisonPart[] = [
    {
      heading: `Kinds of heads, ${byRule}; a head may be of several`,
      sentences: shown.map(kind => kindSentence(kind, names, text))
    },
    {
      heading: 'Means over all heads that are told apart, the surest first',
      sentences: apart.map(mean => meanSentence(mean, names, text))
    },
    {
      heading: 'Not told apart: the interval of the difference holds zero',
      sentences: told
        .filter(({ verdict }) => verdict === 'not apart')
        .map(mean => meanSentence(mean, names, text))
    },
    {
      heading: 'Means over all heads; how sure their difference is is not known',
      sentences: told
        .filter(({ verdict }) => verdict === 'unknown')
        .map(mean => meanSentence(mean, names, text))
    },
    {
      heading:
        'Head by head, which says something of two states of one model and of one model on two texts',
      sentences: (heads ?? [])
        .filter(({ score }) => shown.some(kind => kind.score === score))
        .map(own => headsSentence(own, names, rule !== null, text))
    }
  ]
  return parts.filter(({ sentences }) => sentences.length > 0)
}

/** A part as plain lines, its heading first. */
export function partLines({ heading, sentences }: ComparisonPart): string[] {
  return [`${heading}:`, ...sentences.map(({ subject, text }) => `  ${subject}: ${text}`)]
}

type Names = readonly [string, string]
type NumberWords = (value: number) => string

function kindSentence(
  { score, sides }: ComparedKind,
  names: Names,
  text: NumberWords
): ComparisonSentence {
  const said = sides.map((side, i) => `${sideOfKind(side)} in ${names[i]}${where(side, text)}`)
  return { score, subject: kindSubject(score), text: `${said.join('; ')}.` }
}

function sideOfKind({ heads, of }: KindOfModel): string {
  return heads.length === 0 ? `none of ${of}` : `${heads.length} of ${of}`
}

/** In which layers, and the strongest with its numbers. */
function where({ heads, strongest, depth }: KindOfModel, text: NumberWords): string {
  if (strongest === null) return ''
  const layers = [...new Set(heads.map(({ layer }) => layer))].sort((a, b) => a - b)
  const [first, last] = [layers[0]!, layers.at(-1)!]
  const whole = last - first + 1 === layers.length
  const placed =
    layers.length === 1
      ? `layer ${first}`
      : `layers ${whole && layers.length > 2 ? `${first}–${last}` : layers.join(', ')}`
  const { layer, head, score } = strongest
  return ` (${placed}, mean depth ${text(depth)}; strongest ${layer}.${head}: ${text(score.value)} over a baseline of ${text(score.baseline)})`
}

function meanSentence(mean: ComparedMean, names: Names, text: NumberWords): ComparisonSentence {
  const { words, unit, by, sides, difference, verdict } = mean
  const [a, b] = sides.map((side, i) => `${sideOfMean(side, mean, text)} in ${names[i]}`)
  const what = {
    above: 'above uniform attention the difference is',
    share: 'as shares of uniform attention’s the difference is',
    value: 'the difference is'
  }[by]
  const units = by === 'value' && unit !== '' ? ` ${unit}` : ''
  const sure =
    verdict === 'unknown'
      ? `${signed(difference.value, text)}${units}`
      : `${signed(difference.value, text)}${units} ${intervalText(difference, text)}`
  return { score: mean.name, subject: capital(words), text: `mean ${a}, ${b}; ${what} ${sure}.` }
}

function sideOfMean(
  { value, baseline, compared }: MeanOfModel,
  { by, unit }: ComparedMean,
  text: NumberWords
): string {
  const own = `${text(value)}${unit === '' ? '' : ` ${unit}`}`
  if (by === 'value') return own
  if (by === 'above') return `${own} (uniform ${text(baseline)}, ${signed(compared.value, text)})`
  return `${own} (${text(compared.value)} of uniform’s ${text(baseline)})`
}

function headsSentence(
  { score, furthest, apart, of }: ComparedHeads,
  [name, other]: Names,
  above: boolean,
  text: NumberWords
): ComparisonSentence {
  const { layer, head, difference } = furthest
  const known = !Number.isNaN(difference.low)
  const count = known ? `${apart} of ${of} heads are told apart; ` : ''
  const which = apart > 0 ? 'furthest of these' : 'furthest'
  const interval = known ? ` ${intervalText(difference, text)}` : ''
  return {
    score,
    subject: kindSubject(score),
    text: `${count}${which} ${layer}.${head}: ${name} less ${other} ${signed(difference.value, text)}${interval}${above ? ', above uniform' : ''}.`
  }
}

function kindSubject(score: string): string {
  const { words } = atlasScore(score)
  if (score === 'self') return 'Heads that attend to the token itself'
  if (score.startsWith('to_')) return `Heads that attend to ${classWords(score.slice(3))}`
  return `${capital(words.replace(' ', '-'))} heads`
}

function intervalText({ low, high }: Estimate, text: NumberWords): string {
  return `(95 % ${signed(low, text)} to ${signed(high, text)})`
}

function signed(value: number, text: NumberWords): string {
  return value > 0 ? `+${text(value)}` : text(value)
}

function capital(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1)
}

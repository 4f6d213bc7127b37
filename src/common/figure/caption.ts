import { keptText } from '../model/absence.ts'
import { editText } from '../text/edit-text.ts'
import { cutShort } from '../text/cut-short.ts'
import {
  firstDirection,
  inItsDirection,
  isolated,
  visibleIsolated,
  withoutIsolates
} from '../text/token-text.ts'
import { inputLine } from '../text/input-text.ts'
import { visibleText } from '../text/visible-text.ts'
import { isComputed, type FigureOrigin, type Origin, type PanelsProvenance } from './provenance.ts'

/** More of a text is cut short in a caption. */
const mostLetters = 120

/**
 * A first version of a figure's caption: what it shows, of what, and how it was computed.
 * @param shows what its colours, axes or bars stand for; empty where that says itself
 */
export function captionDraft(from: FigureOrigin | PanelsProvenance, shows: string): string {
  if (!('panels' in from)) return ofOne(from, visibleText(withoutIsolates(shows)))
  const panels = from.panels.map(({ letter, title, caption }) => {
    const said = visibleIsolated(caption || title)
    return `${letter} ${firstDirection(said) === 'rtl' ? isolated(said) : said}`.trim()
  })
  return panels.join(' ')
}

function ofOne({ version, of, less, beside, precision }: FigureOrigin, shows: string): string {
  const compared = less === null ? '' : `, less ${originText(less)}`
  const next = beside === undefined ? '' : `, beside ${originText(beside)}`
  const kept = precision === 'float16' ? 'kept in float16' : precision
  const computed = isComputed(of)
    ? `Computed by Lamella ${version} (${of.provider}, ${kept}).`
    : `Lamella ${version}.`
  // A text that ends a sentence ends that of the caption.
  const what = `${originText(of)}${compared}${next}.`.replace(/([.!?]\u2069?”)\.$/, '$1')
  const unknown = [of, less, beside].flatMap(own => own?.unknown ?? [])
  const read = [...new Set(unknown)].map(own => visibleText(`Not in the vocabulary: ${own}.`))
  const isKept = [of, less, beside].some(own => own?.kept === true)
  const whence = isKept ? [`Numbers ${keptText}.`] : []
  return [what, ...read, ...(shows === '' ? [] : [`${shows}.`]), computed, ...whence].join(' ')
}

function originText({ model, fingerprint, input, edits, place }: Origin): string {
  const of = inItsDirection(visibleText(model))
  const file = `${visibleText(place)} of ${of} (files ${fingerprint.slice(0, 8)})`
  const changes = edits.map(editText).join('; ')
  const edited = changes === '' ? '' : `, edited (${visibleText(changes)})`
  if (input === null) return `${file}${edited}`
  const line = cutShort(inputLine(input), mostLetters)
  const read =
    'text' in input ? `on “${inItsDirection(line)}”` : `on ${input.ids.length} token ids (${line})`
  return `${file} ${read}${edited}`
}

import { keptText } from '../model/absence.ts'
import { editText } from '../text/edit-text.ts'
import { withoutIsolates } from '../text/token-text.ts'
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
  const panels = from.panels.map(({ letter, title, caption }) => `${letter} ${caption || title}`)
  return visibleText(panels.map(text => text.trim()).join(' '))
}

function ofOne({ version, of, less, beside, precision }: FigureOrigin, shows: string): string {
  const compared = less === null ? '' : `, less ${originText(less)}`
  const next = beside === undefined ? '' : `, beside ${originText(beside)}`
  const kept = precision === 'float16' ? 'kept in float16' : precision
  const computed = isComputed(of)
    ? `Computed by Lamella ${version} (${of.provider}, ${kept}).`
    : `Lamella ${version}.`
  // A text that ends a sentence ends that of the caption.
  const what = `${originText(of)}${compared}${next}.`.replace(/([.!?]”)\.$/, '$1')
  const unknown = [of, less, beside].flatMap(own => own?.unknown ?? [])
  const read = [...new Set(unknown)].map(own => visibleText(`Not in the vocabulary: ${own}.`))
  const isKept = [of, less, beside].some(own => own?.kept === true)
  const whence = isKept ? [`Numbers ${keptText}.`] : []
  return [what, ...read, ...(shows === '' ? [] : [`${shows}.`]), computed, ...whence].join(' ')
}

function originText({ model, fingerprint, input, edits, place }: Origin): string {
  const file = `${place} of ${model} (files ${fingerprint.slice(0, 8)})`
  const edited = edits.length === 0 ? '' : `, edited (${edits.map(editText).join('; ')})`
  if (input === null) return visibleText(`${file}${edited}`)
  const read =
    'text' in input
      ? `on “${short(input.text)}”`
      : `on ${input.ids.length} token ids (${short(input.ids.join(', '))})`
  return visibleText(`${file} ${read}${edited}`)
}

function short(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim()
  const letters = [...line]
  return letters.length <= mostLetters ? line : `${letters.slice(0, mostLetters).join('')}…`
}

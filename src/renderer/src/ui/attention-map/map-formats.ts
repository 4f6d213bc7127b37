import { firstTokenHidden } from '#common/analysis/first-token.ts'
import { axis, dataset, type Dataset } from '#common/data/dataset.ts'
import { attentionMap, type AttentionMapData } from '#common/figure/attention-map.ts'
import type { Size } from '#common/figure/figure-kind.ts'
import { paperLook, type Look } from '#common/figure/look.ts'
import type { Profiles } from '#common/figure/profile.ts'
import type { Origin, Provenance } from '#common/figure/provenance.ts'
import type { Viewport } from '#common/figure/viewport.ts'
import { tokenText } from '#common/text/token-text.ts'
import type { ExportFormat } from '../../stores/exports.ts'
import { dataFormats } from '../figure/data-formats.ts'
import { figureFormats } from '../figure/figure-formats.ts'
import type { ShownPattern } from './pattern.ts'

/** The part of a map that is on screen. */
export interface SeenPart {
  readonly view: Viewport
  readonly size: Size
}

/**
 * The files that a map can be saved as: what is seen and, of a part, also the whole.
 * @param seen null while all of it is seen
 * @param version of Lamella
 * @param several whether others are beside it
 */
export function mapFormats(
  { pattern, less, data, profiles, caption, modelName }: MapToSave,
  look: Look,
  seen: SeenPart | null,
  several: boolean,
  version: string
): ExportFormat[] {
  const { model } = pattern
  const name = caption ?? pattern.name
  const quantity = data.quantity === 'weight' ? 'attention' : 'difference of attention'
  const what = [`${name} · ${quantity}`, ...(data.firstHidden ? [firstTokenHidden] : [])].join(', ')
  // Folders of the machine are in the name of a file at most, not in what is shown to others.
  const title = `${model.name} · ${what}`
  const file = `${modelName} · ${what}`
  const onPaper = { ...look, ...paperLook }
  const from: Provenance = {
    version,
    of: originOf(pattern),
    less: less && originOf(less),
    precision: less?.precision === 'float16' ? less.precision : pattern.precision
  }
  const own = several ? ` · ${name}` : ''
  const marked = profiles ?? { queries: [], keys: [] }
  const whole = { ...data, title, view: null, marked, profiles }
  const all = figureFormats(attentionMap, file, whole, onPaper, {
    note: (seen === null ? '' : 'the whole map') + own,
    from
  })
  const numbers = dataFormats(file, () => patternDataset(data), from, several ? name : '')
  if (seen === null) return [...all, ...numbers]
  const part = { ...whole, title: `${title} · part`, view: seen.view }
  return [
    ...figureFormats(attentionMap, `${file} · part`, part, onPaper, {
      note: `the part that is seen${own}`,
      from,
      size: seen.size
    }),
    ...all,
    ...numbers
  ]
}

function originOf({ model, run, name: own, firstHidden }: ShownPattern): Origin {
  const { input, edits, provider } = run.source
  const { name, fingerprint } = model
  const place = [own, ...(firstHidden ? [firstTokenHidden] : [])].join(', ')
  return { model: name, fingerprint, input, edits, provider, place }
}

/** The numbers of a map, by tokens. */
function patternDataset({ pattern, quantity, tokens }: MapToSave['data']): Dataset {
  const labels = tokens.map(tokenText)
  return dataset(
    { query: axis(labels), key: axis(labels) },
    { [quantity]: { axes: ['query', 'key'], unit: '', about: '', data: pattern } }
  )
}

interface MapToSave {
  readonly pattern: ShownPattern
  /** What is taken from it, in a difference; else null. */
  readonly less: ShownPattern | null
  readonly data: Omit<AttentionMapData, 'view' | 'marked' | 'profiles'>
  /** The row and the column that are drawn beside it; null where none is. */
  readonly profiles: Profiles | null
  readonly caption: string | null
  /** What its model is called among those that are open. */
  readonly modelName: string
}

import { firstTokenHidden } from '#common/analysis/first-token.ts'
import { attentionLines, type AttentionLinesData } from '#common/figure/attention-lines.ts'
import { axis, dataset, type Variable } from '#common/data/dataset.ts'
import { paperLook, type Look } from '#common/figure/look.ts'
import type { Provenance } from '#common/figure/provenance.ts'
import { runOrigin } from '#common/figure/views/run-origin.ts'
import { tokenText } from '#common/text/token-text.ts'
import type { ExportFormat } from '../../stores/exports.ts'
import { headName } from '../../stores/selection.ts'
import type { HeadPattern } from '../../ui/attention-map/pattern.ts'
import { dataFormats } from '../../ui/figure/data-formats.ts'
import { figureFormats } from '../../ui/figure/figure-formats.ts'

/** Lines of some heads, and what they are of. */
export interface LinesToSave {
  /** Of one run. */
  readonly patterns: readonly HeadPattern[]
  /** What its model is called among those that are open. */
  readonly modelName: string
  readonly least: string
  readonly look: Look
  /** All rows are saved, not those on screen alone. */
  readonly isWhole: boolean
  /** Reckoned when it is saved. */
  readonly data: () => AttentionLinesData
  /** Of Lamella. */
  readonly version: string
}

/** The files that lines can be saved as: their picture, and their weights. */
export function linesFormats(shown: LinesToSave): ExportFormat[] {
  const { patterns, modelName, least, look, isWhole, version } = shown
  const { model, run, layer, tokens } = patterns[0]!
  const heads = patterns.map(({ head }) => headName(layer, head)).join(', ')
  const place = patterns[0]!.firstHidden ? `${heads}, ${firstTokenHidden}` : heads
  const short = patterns.length > 3 ? `Block ${layer}, ${patterns.length} heads` : heads
  const title = `${modelName} · ${short} · lines`
  const from: Provenance = {
    version,
    of: runOrigin(model, run, place),
    less: null,
    // As the trace cache keeps patterns.
    precision: 'float16'
  }
  const labels = tokens.map(token => tokenText(token))
  const named = () => ({
    ...shown.data(),
    title: `${model.name} · ${short}`,
    marked: { query: null, key: null }
  })
  return [
    ...figureFormats(
      attentionLines,
      title,
      named,
      { ...look, ...paperLook },
      {
        from,
        note: isWhole ? '' : 'the rows that are seen'
      }
    ),
    ...dataFormats(title, () => linesDataset(shown.data(), labels, patterns, least), from)
  ]
}

function linesDataset(
  { lines }: AttentionLinesData,
  labels: readonly string[],
  patterns: readonly HeadPattern[],
  least: string
) {
  const column = (name: string, data: Int32Array | Float32Array, about: string) =>
    [name, { axes: ['line'], data, unit: '', about }] satisfies [string, Variable]
  const strongestFirst = lines.toReversed()
  return dataset(
    { line: axis(strongestFirst.map(({ query, key }) => `${labels[query]} → ${labels[key]}`)) },
    Object.fromEntries([
      column(
        'head',
        Int32Array.from(strongestFirst, ({ head }) => patterns[head]!.head),
        'head of the layer'
      ),
      column(
        'query',
        Int32Array.from(strongestFirst, ({ query }) => query),
        'position of the query'
      ),
      column(
        'key',
        Int32Array.from(strongestFirst, ({ key }) => key),
        'position of the key'
      ),
      column(
        'weight',
        Float32Array.from(strongestFirst, ({ weight }) => weight),
        `weight, at least ${least}`
      )
    ]),
    { layer: patterns[0]!.layer }
  )
}

import {
  queryScoreNamed,
  type QueryScoreName
} from '#common/analysis/head-contexts/query-scores.ts'
import { firstTokenHidden } from '#common/analysis/first-token.ts'
import type { HeadContexts } from '#common/analysis/head-contexts/contexts-of.ts'
import type { ModelInfo, Run } from '#common/contract/schemas.ts'
import type { Dataset } from '#common/data/dataset.ts'
import { contextLines } from '#common/figure/context-lines.ts'
import { paperLook, type Look } from '#common/figure/look.ts'
import type { Provenance } from '#common/figure/provenance.ts'
import { runOrigin } from '#common/figure/views/run-origin.ts'
import { scoreHistogram } from '#common/figure/score-histogram.ts'
import type { ValueRange } from '#common/figure/value-scale.ts'
import type { ExportFormat } from '../../stores/exports.ts'
import { headName } from '../../stores/selection.ts'
import { dataFormats } from '../../ui/figure/data-formats.ts'
import { figureFormats } from '../../ui/figure/figure-formats.ts'
import { histogramData, type ContextGroup } from './profile-figures.ts'

/** What a profile is saved of. */
export interface ProfileToSave {
  readonly model: ModelInfo
  /** What the model is called among those that are open. */
  readonly modelName: string
  readonly run: Run
  readonly layer: number
  readonly head: number
  readonly score: QueryScoreName
  readonly firstHidden: boolean
  readonly result: Dataset
  readonly found: HeadContexts
  /** What was read, such as `12 windows of 128 tokens of the text`. */
  readonly read: string
  readonly groups: readonly ContextGroup[]
  readonly mirrored: boolean
  /** What the axis of the distribution has room for; null for its own scores alone. */
  readonly span: ValueRange | null
}

/** The files that a profile can be saved as: contexts, distribution, and all of its numbers. */
export function profileFormats(
  {
    model,
    modelName,
    run,
    layer,
    head,
    score,
    firstHidden,
    result,
    found,
    read,
    groups,
    mirrored,
    span
  }: ProfileToSave,
  look: Look,
  version: string
): ExportFormat[] {
  const name = headName(layer, head)
  const { words } = queryScoreNamed(score)
  const hidden = firstHidden ? [firstTokenHidden] : []
  const from: Provenance = {
    version,
    of: runOrigin(model, run, [name, words, ...hidden, `over ${read}`].join(', ')),
    less: null,
    precision: 'float32'
  }
  const title = (what: string) => [model.name, name, what, ...hidden, read].join(' · ')
  const file = (what: string) => `${modelName} · ${name} · ${what}`
  const onPaper = { ...look, ...paperLook }
  const bars = histogramData(found, score, null, span)
  return [
    ...figureFormats(
      contextLines,
      file(`contexts by ${words}`),
      { title: title(`contexts by ${words}`), mirrored, groups },
      onPaper,
      { note: 'the contexts', from }
    ),
    ...figureFormats(
      scoreHistogram,
      file(`distribution of ${words}`),
      { ...bars, title: title(words) },
      onPaper,
      { note: 'the distribution', from }
    ),
    ...dataFormats(file(words), result, from)
  ]
}

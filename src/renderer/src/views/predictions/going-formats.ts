import type { ModelInfo, Run } from '#common/contract/schemas.ts'
import { paperLook, type Look } from '#common/figure/look.ts'
import type { Provenance } from '#common/figure/provenance.ts'
import { shadedText } from '#common/figure/shaded-text.ts'
import type { FlowingText } from '#common/figure/text-flow.ts'
import { continuationFigure } from '#common/figure/views/continuation-figure.ts'
import type { GoingStep } from '#common/figure/views/going-steps.ts'
import type { Sampling } from '#common/model/sampling.ts'
import type { ExportFormat } from '../../stores/exports.ts'
import { dataFormats } from '../../ui/figure/data-formats.ts'
import { figureFormats } from '../../ui/figure/figure-formats.ts'

/** How a text went on. */
export interface GoneOn {
  readonly model: ModelInfo
  /** What it is called among those that are open. */
  readonly modelName: string
  readonly run: Run
  readonly steps: readonly GoingStep[]
  readonly sampling: Sampling | null
  /** So many tokens were asked for, and of each so many candidates. */
  readonly max: number
  readonly told: number
  readonly look: Look
  /** The text as it flows now. */
  readonly seen: FlowingText
  /** Of Lamella. */
  readonly version: string
}

/** The files that a continuation can be saved as: the shaded text, and each step with what might have come. */
export function goingFormats(gone: GoneOn): ExportFormat[] {
  const { modelName, look, seen, version } = gone
  const figure = continuationFigure(gone, version)
  const again = { view: 'continuation', params: paramsOf(gone) }
  const { dataset } = figure
  const from: Provenance = { ...figure.from, again }
  const name = `${modelName} · ${figure.what}`
  return [
    ...figureFormats(
      shadedText,
      name,
      figure.data(seen),
      { ...look, ...paperLook },
      { from, dataset }
    ),
    ...dataFormats(name, dataset, from)
  ]
}

/** As the command line takes them. */
function paramsOf({ steps, sampling, max, told, look, seen }: GoneOn) {
  const begun = steps.filter(({ drawn }) => drawn === null)
  const taken = begun.flatMap(({ taken }, at) => (taken ? [at] : []))
  return {
    max,
    ...(sampling !== null && { sampling }),
    top: told,
    ...(begun.length > 0 && { path: begun.map(({ token }) => token.id), taken }),
    ...{ line: seen.room.width, mirrored: seen.mirrored },
    ...{ colors: look.colorMap, scale: look.scale }
  }
}

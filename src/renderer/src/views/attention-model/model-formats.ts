import { againLess } from '#common/figure/again-of-sides.ts'
import { paperLook, type Look } from '#common/figure/look.ts'
import type { FigureCommand } from '#common/figure/provenance.ts'
import { modelLines } from '#common/figure/model-lines.ts'
import { lookParams } from '#common/figure/views/look-params.ts'
import {
  drawnPart,
  modelLinesFigure,
  modelLinesOrigin,
  modelLinesTitle,
  type FiguredModelLines
} from '#common/figure/views/model-lines-figure.ts'
import { namedOf } from '#common/text/figure-title.ts'
import type { ExportFormat } from '../../stores/exports.ts'
import { dataFormats } from '../../ui/figure/data-formats.ts'
import { figureFormats } from '../../ui/figure/figure-formats.ts'

/** What is saved of all heads: those of the layers that have come. */
export interface ModelToSave extends FiguredModelLines {
  /** What it is called among those that are open. */
  readonly modelName: string
  readonly look: Look
  /** Of Lamella. */
  readonly version: string
}

/** The files that the lines of all heads can be saved as. */
export function modelFormats(shown: ModelToSave): ExportFormat[] {
  const { modelName, look, version } = shown
  const figure = () => modelLinesFigure(shown, version)
  const dataset = () => figure().dataset()
  const origin = modelLinesOrigin(shown, version)
  const command = commandOf(shown)
  const from = { ...origin, again: againLess(command, command, origin) }
  const title = namedOf(modelName, modelLinesTitle(shown))
  return [
    ...figureFormats(
      modelLines,
      title,
      () => figure().data,
      { ...look, ...paperLook },
      { from, note: drawnPart(shown), dataset }
    ),
    ...dataFormats(title, dataset, from)
  ]
}

function commandOf(shown: ModelToSave): FigureCommand {
  const { layers, mirrored, look, highOf } = shown
  const { scale, pooling, range: own } = lookParams(look)
  // Beside another each head's is that of both.
  const highs = () =>
    layers.map(({ layer, maps }) =>
      Array.from({ length: maps.shape[0]! }, (_, head) => highOf(layer, head))
    )
  const range = look.shared && look.follows ? highs() : own
  const params = {
    ...(drawnPart(shown) !== '' && { layers: layers.map(({ layer }) => layer) }),
    ...(layers[0]!.firstHidden && { first_token: 'hidden' }),
    ...{ mirrored, scale, range, pooling }
  }
  return { view: 'model-lines', params }
}

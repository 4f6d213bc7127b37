import { againLess } from '#common/figure/again-of-sides.ts'
import { paperLook, type Look } from '#common/figure/look.ts'
import type { FigureCommand, FigureOrigin } from '#common/figure/provenance.ts'
import { shadedText } from '#common/figure/shaded-text.ts'
import type { FlowingText } from '#common/figure/text-flow.ts'
import { textFigure, type FiguredText } from '#common/figure/views/text-figure.ts'
import { namedOf } from '#common/text/figure-title.ts'
import type { ExportFormat } from '../../stores/exports.ts'
import type { ShownPattern } from '../../ui/attention-map/pattern.ts'
import { dataFormats } from '../../ui/figure/data-formats.ts'
import { figureFormats } from '../../ui/figure/figure-formats.ts'
import { shadeParams } from '../../ui/shaded-text/shade-params.ts'

/** A text that is shaded, and by what. */
export interface TextToSave extends FiguredText {
  readonly pattern: ShownPattern
  readonly less: ShownPattern | null
  /** What its model is called among those that are open. */
  readonly modelName: string
  readonly look: Look
  /** The text as it flows now. */
  readonly seen: FlowingText
  /** Of Lamella. */
  readonly version: string
}

/** The files that a shaded text can be saved as: its picture, and its weights. */
export function textFormats(shown: TextToSave): ExportFormat[] {
  const { modelName, look, seen, version } = shown
  const { what, from: origin, data, dataset } = textFigure(shown, version)
  const from = { ...origin, again: commandOf(shown, origin) }
  const title = namedOf(modelName, what)
  return [
    ...figureFormats(shadedText, title, data(seen), { ...look, ...paperLook }, { from, dataset }),
    ...dataFormats(title, dataset, from)
  ]
}

/** The command that shades the text again, in lines that are as long. */
function commandOf(shown: TextToSave, origin: FigureOrigin): FigureCommand {
  const { pattern, less, groups, side, unit, own, look, seen } = shown
  const command = ({ again, firstHidden }: ShownPattern) => {
    const { layer, layers, head = null } = again.params
    const params = {
      ...{ layer: layer ?? (layers as readonly number[])[0], head, side, unit },
      ...{ token: groups[own]!.start, ...(firstHidden && { first_token: 'hidden' }) },
      ...{ line: seen.room.width, mirrored: seen.mirrored, ...shadeParams(look) }
    }
    return { view: 'text', params }
  }
  return againLess(command(pattern), command(less ?? pattern), origin)
}

import { dataset, type Dataset } from '#common/data/dataset.ts'
import { paperLook, type Look } from '#common/figure/look.ts'
import {
  isPositionMap,
  positionFormsOf,
  type PositionForm
} from '#common/figure/views/position-forms.ts'
import { positionNumbers } from '#common/figure/views/position-plots.ts'
import {
  positionLook,
  positionMapFigure,
  positionOrigin,
  positionPlotFigure
} from '#common/figure/views/positions-view.ts'
import type { ExportFormat } from '../../stores/exports.ts'
import { dataFormats } from '../../ui/figure/data-formats.ts'
import { figureFormats } from '../../ui/figure/figure-formats.ts'
import type { AnsweredPositions } from './use-positions.ts'

/** What is saved of positions. */
export interface PositionsToSave {
  /** What the model is called among those that are open. */
  readonly modelName: string
  readonly own: AnsweredPositions
  /** Sines and cosines of the same size; null where they do not stand beside it. */
  readonly beside: AnsweredPositions | null
  readonly form: PositionForm
  readonly dimensions: readonly number[]
  /** Tokens of the longest text of training, where that was typed. */
  readonly trained: number | null
  /** How far from zero the colours of two maps go. */
  readonly reach: number
}

/** The form that is seen, of each side, and all numbers. */
export function positionsFormats(
  { modelName, own, beside, form, dimensions, trained, reach }: PositionsToSave,
  look: Omit<Look, 'range'>,
  version: string
): ExportFormat[] {
  const isBeside = beside !== null && positionFormsOf(beside.result).includes(form)
  const onPaper = positionLook({ ...look, ...paperLook, shared: isBeside }, form, reach)
  const ofSide = ({ model, asked, result }: AnsweredPositions) => ({
    ...{ model, asked, result, version },
    // A table of any length is trained on none.
    trained: asked.table === null ? trained : null
  })
  const figures = (side: AnsweredPositions, note: string) => {
    const of = ofSide(side)
    if (!isPositionMap(form)) {
      const { what, kind, data, from } = positionPlotFigure(of, form, dimensions)
      return figureFormats(kind, `${modelName} · ${what}`, data, onPaper, { from, note })
    }
    const said = { reach: isBeside ? reach : null, pooling: look.pooling }
    const { what, kind, data, from } = positionMapFigure(of, form, said)
    return figureFormats(kind, `${modelName} · ${what}`, data, onPaper, { from, note })
  }
  const { params, result } = own
  return [
    ...figures(own, isBeside ? 'the model’s' : ''),
    ...(isBeside ? figures(beside, 'sinusoidal') : []),
    ...dataFormats(
      `${modelName} · positions`,
      () => {
        const numbers = positionNumbers(result)
        return beside === null ? numbers : withSinusoidal(numbers, positionNumbers(beside.result))
      },
      positionOrigin(ofSide(own), { analysis: 'positions', params })
    )
  ]
}

/** Of two results the variables of the first, and those of the second with a name that says so. */
export function withSinusoidal(own: Dataset, other: Dataset): Dataset {
  const renamed = Object.entries(other.variables).map(([name, given]) => [
    `sinusoidal.${name}`,
    { ...given, axes: given.axes.map(name => `sinusoidal_${name}`) }
  ])
  const axes = Object.entries(other.axes).map(([name, given]) => [`sinusoidal_${name}`, given])
  return dataset(
    { ...own.axes, ...(Object.fromEntries(axes) as Dataset['axes']) },
    { ...own.variables, ...(Object.fromEntries(renamed) as Dataset['variables']) },
    own.attributes
  )
}

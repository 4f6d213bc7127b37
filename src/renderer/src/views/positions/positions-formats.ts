import { paperLook, type Look } from '#common/figure/look.ts'
import {
  isPositionMap,
  positionFormsOf,
  type PositionForm
} from '#common/figure/views/position-forms.ts'
import {
  positionLook,
  positionMapFigure,
  positionNumbersOf,
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

/** The form that is seen and all numbers, of the model and of what stands beside it. */
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
      const { what, kind, data, ...told } = positionPlotFigure(of, form, dimensions)
      return figureFormats(kind, `${modelName} · ${what}`, data, onPaper, { ...told, note })
    }
    const said = { reach: isBeside ? reach : null, pooling: look.pooling }
    const { what, kind, data, from, dataset } = positionMapFigure(of, form, said)
    return figureFormats(kind, `${modelName} · ${what}`, data, onPaper, { from, note, dataset })
  }
  const numbers = (side: AnsweredPositions, what: string, note: string) => {
    const { dataset, from } = positionNumbersOf(ofSide(side), form)
    return dataFormats(`${modelName} · ${what}`, dataset, from, note)
  }
  return [
    ...figures(own, isBeside ? 'the model’s' : ''),
    ...(isBeside ? figures(beside, 'sinusoidal') : []),
    ...numbers(own, 'positions', beside === null ? '' : 'the model’s'),
    ...(beside === null ? [] : numbers(beside, 'sinusoidal · positions', 'sinusoidal'))
  ]
}

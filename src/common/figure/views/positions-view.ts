import { z } from 'zod'
import { PositionParams } from '../../analysis/positions/positions.ts'
import type { ModelInfo } from '../../contract/schemas.ts'
import type { Dataset } from '../../data/dataset.ts'
import { checkIndex } from '../../model/check-index.ts'
import { LamellaError } from '../../model/errors.ts'
import { numberText } from '../../text/number-text.ts'
import { linePlot, type LinePlotData } from '../line-plot.ts'
import type { Look } from '../look.ts'
import type { Provenance } from '../provenance.ts'
import { weightMap, type WeightMapData } from '../weight-map.ts'
import { figureView, modelFigure, type ViewFigure } from './figure-view.ts'
import { LookParams, plainLook } from './look-params.ts'
import {
  isPositionMap,
  matrixShape,
  positionForms,
  positionFormsOf,
  type PositionForm,
  type PositionMap,
  type PositionPlot
} from './position-forms.ts'
import { positionMap, positionReach } from './position-maps.ts'
import { positionNumbers, positionPlot } from './position-plots.ts'
import { positionTableName, positionWords } from './position-words.ts'
import { modelOrigin } from './origin.ts'

/** What the analysis is asked. */
const Asked = PositionParams.pick({ table: true, layer: true, length: true })
export type AskedPositions = z.output<typeof Asked>

const PositionsViewParams = LookParams.pick({ pooling: true }).extend({
  /** The first that there is when left out. */
  form: z.enum(positionForms).nullable().default(null),
  ...Asked.shape,
  /** Of curves and spectra those that are drawn besides the ones picked by their variance. */
  dimensions: z.array(z.int().min(0)).max(5).default([]),
  /** Tokens of the longest text that the model was trained on; as its config or its weights say when left out. */
  trained: z.int().min(1).nullable().default(null),
  /** How far from zero the colours of a map go: as far as its values when left out. */
  reach: z.number().positive().nullable().default(null)
})

/** How positions are told, in one form. */
export const positionsFigureView = figureView({
  name: 'positions',
  analyses: ['positions'],
  about:
    'how a model tells positions: the matrix that it adds, or a table of sines and cosines, rotary positions, biases',
  of: 'weights',
  params: PositionsViewParams,
  async make(
    { model, version, analysis },
    { form, dimensions, trained, reach, pooling, ...asked }
  ) {
    const result = await analysis('positions', positionParams(model, asked), 'weights')
    const forms = positionFormsOf(result)
    const own = form ?? forms[0]!
    if (!forms.includes(own))
      throw new LamellaError(
        'invalid-argument',
        `form=${own}: there is none of these positions`,
        `There is ${forms.join(', ')}.`
      )
    const width = matrixShape(result)?.width ?? 0
    for (const dimension of dimensions) checkIndex('dimension', dimension, width)
    const of = { model, asked, result, trained, version }
    if (!isPositionMap(own))
      return modelFigure(model, positionPlotFigure(of, own, dimensions), plainLook)
    const figure = positionMapFigure(of, own, { reach, pooling })
    const shared = reach !== null
    const look = positionLook({ ...plainLook, pooling, shared }, own, figure.reach)
    return modelFigure(model, figure, look)
  }
})

/** Positions that are looked at at once, and of these those whose cosines are drawn. */
const most = { positions: 2048, size: 512 }

/** What the analysis is asked for figures: as many positions and distances as are drawn. */
export function positionParams(
  { config }: Pick<ModelInfo, 'config'>,
  { table, layer, length }: AskedPositions
) {
  return {
    ...most,
    positions: Math.min(most.positions, config?.nCtx ?? most.positions),
    ...{ length, values: true },
    distances: Math.min(1024, Math.max(128, config?.nCtx ?? 128)),
    ...(table !== null && { table }),
    ...(layer !== null && { layer })
  }
}

/** How positions are told, and what was asked for that. */
export interface FiguredPositions {
  readonly model: ModelInfo
  readonly asked: AskedPositions
  readonly result: Dataset
  /** Tokens of the longest text that it was trained on, where that is said by hand. */
  readonly trained: number | null
  readonly version: string
}

/** A form that is a map, and how far its colours go. */
export function positionMapFigure(
  of: FiguredPositions,
  form: PositionMap,
  { reach, pooling }: { readonly reach: number | null; readonly pooling: Look['pooling'] }
): ViewFigure<WeightMapData, Provenance> & { readonly reach: number } {
  const said = { ...(reach !== null && { reach }), pooling }
  const map = positionMap(of.result, form, of.trained)
  return {
    ...figured(of, form, said),
    ...{ kind: weightMap, data: { ...map, title: titleOf(of, form) } },
    reach: reach ?? positionReach(of.result, form)
  }
}

/** A form that is a plot. @param dimensions besides those that are picked */
export function positionPlotFigure(
  of: FiguredPositions,
  form: PositionPlot,
  dimensions: readonly number[]
): ViewFigure<LinePlotData, Provenance> {
  const { model, result, trained } = of
  const nCtx = model.config?.nCtx ?? 0
  const plot = positionPlot(result, form, { dimensions, trained, nCtx })
  const said = form === 'curves' || form === 'spectrum' ? { dimensions } : {}
  return { ...figured(of, form, said), kind: linePlot, data: { ...plot, title: titleOf(of, form) } }
}

/** A look whose colours go as far as a map's. */
export function positionLook(look: Omit<Look, 'range'>, form: PositionForm, reach: number): Look {
  const range = { low: -reach, high: reach }
  return { ...look, scale: 'linear', follows: form !== 'similarity', range }
}

function titleOf({ model, asked }: FiguredPositions, form: PositionForm): string {
  return `${positionTableName(asked.table) ?? model.name} · ${form} of positions`
}

/** All numbers, of which a form is drawn. @param said of it */
export function positionNumbersOf(
  of: FiguredPositions,
  form: PositionForm,
  said: Readonly<Record<string, unknown>> = {}
) {
  return { dataset: () => positionNumbers(of.result, form), from: positionOrigin(of, form, said) }
}

function figured(
  of: FiguredPositions,
  form: PositionForm,
  said: Readonly<Record<string, unknown>>
) {
  const name = positionTableName(of.asked.table)
  return {
    what: `${name === null ? '' : `${name} · `}positions · ${form}`,
    ...positionNumbersOf(of, form, said)
  }
}

/** Where what is told of positions is from. */
function positionOrigin(
  { model, asked, result, trained, version }: FiguredPositions,
  form: PositionForm,
  said: Readonly<Record<string, unknown>>
): Provenance {
  const { table, layer, length } = asked
  const params = {
    form,
    ...(table !== null && { table }),
    ...(layer !== null && { layer }),
    ...(length !== Asked.parse({}).length && { length }),
    ...(trained !== null && { trained }),
    ...said
  }
  return {
    version,
    of: modelOrigin(model, `Positions: ${positionWords(result, trained, numberText).text}`),
    ...{ less: null, precision: 'float32', again: { view: 'positions', params } }
  }
}

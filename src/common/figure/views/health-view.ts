import { z } from 'zod'
import type { ModelInfo } from '../../contract/schemas.ts'
import type { Dataset } from '../../data/dataset.ts'
import { LamellaError } from '../../model/errors.ts'
import { linePlot, type LinePlotData } from '../line-plot.ts'
import type { Provenance } from '../provenance.ts'
import { figureView, modelFigure, type MadeFigure, type ViewFigure } from './figure-view.ts'
import { layerSizesPlot } from './layer-sizes-plot.ts'
import { plainLook } from './look-params.ts'
import { modelOrigin } from './origin.ts'

/** How large the tensors of each layer are beside those of the others. */
export const healthView = figureView({
  name: 'health',
  analyses: ['health'],
  about: 'how large the tensors of each layer are beside those of the others',
  of: 'weights',
  params: z.strictObject({}),
  async make({ model, version, analysis }): Promise<MadeFigure> {
    const figure = layerSizesFigure(model, await analysis('health', {}, 'weights'), version)
    if (figure !== null) return modelFigure(model, figure, plainLook)
    throw new LamellaError(
      'invalid-argument',
      `${model.name}: has no tensors that three layers and more have alike`
    )
  }
})

/**
 * That figure of what `health` came to.
 * @returns null where layers are too few to tell
 */
export function layerSizesFigure(
  model: ModelInfo,
  result: Dataset,
  version: string
): ViewFigure<LinePlotData, Provenance> | null {
  const what = 'sizes by layer'
  const data = layerSizesPlot(result, `${model.name} · ${what}`)
  if (data === null) return null
  const from = { ...healthOrigin(model, version), again: { view: 'health', params: {} } }
  return { what, kind: linePlot, data, from, dataset: () => result }
}

/** Where what `health` came to is from. */
export function healthOrigin(model: ModelInfo, version: string): Provenance {
  return {
    version,
    of: modelOrigin(model, 'Health check'),
    ...{ less: null, precision: 'float32' },
    again: { analysis: 'health', params: {} }
  }
}

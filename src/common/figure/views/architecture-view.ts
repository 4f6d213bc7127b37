import { z } from 'zod'
import type { ModelInfo } from '../../contract/schemas.ts'
import { axis, dataset, type Dataset } from '../../data/dataset.ts'
import { boxesOf, type Architecture } from '../../model/architecture.ts'
import { LamellaError } from '../../model/errors.ts'
import { blockDiagram, type BlockDiagramData } from '../block-diagram.ts'
import { firstAngle } from '../orbit.ts'
import {
  architectureSpaceFigure,
  coloringTensors,
  partStatistic,
  partValues,
  spaceParts,
  type SpaceParts
} from './architecture-space.ts'
import { figureView, modelFigure, type ViewFigure } from './figure-view.ts'
import { plainLook } from './look-params.ts'
import type { Provenance } from '../provenance.ts'
import { layerStatistics, type LayerStatistic } from './weights-by-layer.ts'
import { modelOrigin } from './origin.ts'

const ArchitectureParams = z.strictObject({
  /** 2 for the block, each kind once; 3 for all of the model in space. */
  dimensions: z.union([z.literal(2), z.literal(3)]).default(2),
  /** From where a space is seen, in radians. */
  angle: z.strictObject({ turn: z.number(), tip: z.number() }).default(firstAngle),
  /** The statistic of their matrices by which parts in space are coloured; null for their kinds. */
  color: z
    .enum(layerStatistics.map(({ name }) => name) as [string, ...string[]])
    .nullable()
    .default(null)
})

/** What a model is made of. */
export const architectureView = figureView({
  name: 'architecture',
  analyses: [],
  about: 'the block as this model has it, or all of the model in space (dimensions=3)',
  of: 'weights',
  params: ArchitectureParams,
  async make({ model, version, analysis }, { dimensions, angle, color }) {
    const figure = architectureFigure(model, version)
    if (figure === null)
      throw new LamellaError('unsupported', `${model.name}: ${whyNoArchitecture(model)}`)
    if (dimensions === 2) return modelFigure(model, figure, plainLook)
    const parts = spaceParts(model.architecture!, model.tensors)
    const statistic = partStatistic(color)
    const look = { ...plainLook, colorMap: 'magma' as const }
    const numbers =
      statistic &&
      partValues(
        parts,
        statistic,
        await analysis(
          statistic.analysis,
          { tensors: askedTensors(model, parts, statistic) },
          'weights'
        )
      )
    return modelFigure(
      model,
      architectureSpaceFigure(model, parts, { angle, numbers }, version),
      look
    )
  }
})

function askedTensors(
  { name }: ModelInfo,
  parts: SpaceParts,
  statistic: LayerStatistic
): readonly string[] {
  const tensors = [...new Set(coloringTensors(parts, statistic))].filter(own => own !== null)
  if (tensors.length > 0) return tensors
  throw new LamellaError(
    'unsupported',
    `${name}: no part has a matrix of floating-point numbers, so there is no ${statistic.words} to colour by`
  )
}

/** Why a model has no diagram. */
export function whyNoArchitecture({ family, notRunnable, absent }: ModelInfo): string {
  if (absent !== undefined) return 'what the session keeps of it does not say what it is made of'
  if (notRunnable !== null) return `what it computes is not known: ${notRunnable}`
  if (family === 'onnx')
    return 'an ONNX graph says which operations it does, and not which parts of a transformer they are'
  return 'nothing says what it is made of'
}

/**
 * The diagram of a model as a figure.
 * @returns null where what it is made of is not known: `whyNoArchitecture` says why
 */
export function architectureFigure(
  model: ModelInfo,
  version: string
): ViewFigure<BlockDiagramData, Provenance> | null {
  const { name, architecture } = model
  if (architecture === undefined) return null
  return {
    what: 'architecture',
    kind: blockDiagram,
    data: { title: `${name} · architecture`, ...architecture },
    from: {
      version,
      of: modelOrigin(model, 'Architecture'),
      ...{ less: null, precision: 'float32' },
      again: { view: 'architecture', params: {} }
    },
    dataset: () => architectureNumbers(architecture)
  }
}

/** The boxes as rows of numbers, each layer's kind once. */
function architectureNumbers({ sections }: Architecture): Dataset {
  const rows = sections.flatMap(section => boxesOf(section).map(box => ({ section, box })))
  const labels = rows.map(({ section, box }, i) => `${i + 1}: ${section.name} · ${box.name}`)
  const numbers = (of: (row: (typeof rows)[number]) => number, about: string) => ({
    ...{ axes: ['box'], unit: '', about },
    data: Float64Array.from(rows, of)
  })
  return dataset(
    { box: axis(labels) },
    {
      layers: numbers(
        ({ section }) => section.layers.length,
        'blocks that have it; 0 outside of blocks'
      ),
      inputs: numbers(
        ({ box: { shape } }) => shape?.at(0) ?? NaN,
        'entries of what its matrix reads; rows of a table; NaN without weights'
      ),
      outputs: numbers(
        ({ box: { shape } }) => shape?.at(1) ?? NaN,
        'entries of what its matrix gives; NaN where there is no second axis'
      ),
      parameters: numbers(({ box }) => box.parameters, 'weights and biases, in one block')
    }
  )
}

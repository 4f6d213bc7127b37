import type { ModelInfo, TensorInfo } from '../../contract/schemas.ts'
import { axis, dataset, variable, type Dataset } from '../../data/dataset.ts'
import { boxParts, type Architecture } from '../../model/architecture.ts'
import { floatDTypes } from '../../model/tensor.ts'
import { counted } from '../../text/number-text.ts'
import { visibleText } from '../../text/visible-text.ts'
import { boxWords } from '../block-diagram.ts'
import { modelParts, tensorsOfParts, type ModelPart, type ModelParts } from '../model-parts.ts'
import { modelSpace, type ModelSpaceData } from '../model-space.ts'
import type { Angle } from '../orbit.ts'
import { numberSteps, type PointColors } from '../point-scatter.ts'
import type { Provenance } from '../provenance.ts'
import type { ViewFigure } from './figure-view.ts'
import { layerStatistics, type LayerStatistic } from './weights-by-layer.ts'
import { modelOrigin } from './origin.ts'

/** A model's parts in space with their tensors. */
export interface SpaceParts extends ModelParts {
  /** Of each part. */
  readonly tensors: readonly (readonly (TensorInfo | string)[])[]
}

/** A statistic of each part's matrix. */
export interface PartStatistic {
  readonly statistic: LayerStatistic
  /** [part], NaN where it has none. */
  readonly values: readonly number[]
}

export function spaceParts(architecture: Architecture, tensors: readonly TensorInfo[]): SpaceParts {
  const own = modelParts(architecture)
  return { ...own, tensors: tensorsOfParts(own.parts, tensors) }
}

/** The statistic of a name; null for none. */
export function partStatistic(name: string | null): LayerStatistic | null {
  return layerStatistics.find(own => own.name === name) ?? null
}

/** The matrices by which parts are coloured: the largest of each, by the name that it is stored under, or null. */
export function coloringTensors(
  { parts, tensors }: SpaceParts,
  { analysis, quartiles }: LayerStatistic
): (string | null)[] {
  const isFlat = analysis === 'spectrum' || quartiles
  return parts.map((_, i) => {
    const largest = tensors[i]!.filter(tensor => typeof tensor !== 'string')
      .filter(({ shape }) => (isFlat ? shape.length === 2 : shape.length >= 2))
      .filter(({ dtype }) => (floatDTypes as readonly string[]).includes(dtype))
      .toSorted((a, b) => b.parameters - a.parameters)[0]
    return largest === undefined ? null : (largest.tiedTo ?? largest.name)
  })
}

/** The numbers of parts that an analysis of their matrices has: of what has quartiles the median. */
export function partValues(
  parts: SpaceParts,
  statistic: LayerStatistic,
  result: Dataset
): PartStatistic {
  const { data } = variable(result, statistic.name)
  const [step, at] = statistic.quartiles ? [5, 2] : [1, 0]
  const values = new Map(
    (result.axes['tensor']?.labels ?? []).map((name, i) => [name, data[step * i + at]!])
  )
  return {
    statistic,
    values: coloringTensors(parts, statistic).map(name =>
      name === null ? NaN : (values.get(name) ?? NaN)
    )
  }
}

/** The whole model as cuboids, by the kinds of its parts or by a statistic of their matrices. */
export function architectureSpaceFigure(
  model: ModelInfo,
  parts: SpaceParts,
  { angle, numbers }: { readonly angle: Angle; readonly numbers: PartStatistic | null },
  version: string
): ViewFigure<ModelSpaceData, Provenance> {
  const params = { dimensions: 3, angle, color: numbers?.statistic.name ?? null }
  const what = `architecture in space${numbers ? ` · ${numbers.statistic.words}` : ''}`
  return {
    what,
    kind: modelSpace,
    data: spaceData(parts, angle, numbers, `${model.name} · ${what}`),
    from: {
      version,
      of: modelOrigin(model, 'Architecture, whole'),
      ...{ less: null, precision: 'float32' },
      again: { view: 'architecture', params }
    },
    dataset: () => spaceNumbers(parts, numbers)
  }
}

/** @param numbers null for colours by kind */
export function spaceData(
  parts: SpaceParts,
  angle: Angle,
  numbers: PartStatistic | null,
  title: string | null
): ModelSpaceData {
  const colored = coloredBy(parts, numbers)
  return {
    title,
    parts: parts.parts.map((part, i) => ({
      words: partWords(part),
      from: part.from,
      to: part.to,
      path: part.path,
      color: colorOf(part, numbers?.values[i] ?? null, colored)
    })),
    names: parts.names,
    ...{ angle, colored },
    note: spaceNote(parts, numbers)
  }
}

/** What lengths and colours mean, and what has none. */
export function spaceNote({ parts }: SpaceParts, numbers: PartStatistic | null): string {
  const size =
    'Height × breadth: inputs × outputs (folded where longer than any block’s) · volume: parameters'
  if (numbers === null) return size
  const missing = numbers.values.filter(value => !Number.isFinite(value)).length
  const median = numbers.statistic.quartiles ? 'median of each' : 'of each part’s largest matrix'
  return `${size} · colour: ${median}${missing === 0 ? '' : `, ${missing} of ${counted(parts.length, 'part')} without (grey)`}`
}

/** Such as `Layer 3: W_in, [768 × 3,072], 2,362,368 parameters`. */
export function partWords({ layer, section, box }: ModelPart): string {
  const place = layer === null ? visibleText(section.name) : `Layer ${layer}`
  return `${place}: ${boxWords(box)}`
}

function coloredBy({ parts }: SpaceParts, numbers: PartStatistic | null): PointColors {
  if (numbers === null) {
    const classes = boxParts.filter(kind => parts.some(({ box }) => box.part === kind))
    return { by: 'class', name: 'part', classes }
  }
  const finite = numbers.values.filter(Number.isFinite)
  if (finite.length === 0) return { by: 'nothing' }
  return {
    ...{ by: 'number', name: numbers.statistic.words },
    ...{ low: Math.min(...finite), high: Math.max(...finite) }
  }
}

function colorOf({ box }: ModelPart, value: number | null, colored: PointColors): number {
  if (colored.by === 'class') return colored.classes.indexOf(box.part)
  if (colored.by === 'nothing') return 1
  if (value === null || !Number.isFinite(value)) return numberSteps
  const { low, high } = colored
  return high > low ? Math.round(((value - low) / (high - low)) * (numberSteps - 1)) : 0
}

/** The parts as rows of numbers. */
function spaceNumbers({ parts }: SpaceParts, numbers: PartStatistic | null): Dataset {
  const column = (of: (part: ModelPart, i: number) => number, unit: string, about: string) => ({
    ...{ axes: ['part'], unit, about },
    data: Float64Array.from(parts, of)
  })
  return dataset(
    { part: axis(parts.map((part, i) => `${i + 1}: ${partWords(part)}`)) },
    {
      layer: column(({ layer }) => layer ?? NaN, '', 'the block that it is of; NaN of none'),
      parameters: column(({ box }) => box.parameters, '', 'weights and biases'),
      ...(['thickness', 'height', 'breadth'] as const).reduce(
        (all, name, d) => ({
          ...all,
          [name]: column(
            ({ from, to }) => to[d]! - from[d]!,
            'widths of the residual stream',
            'as it is drawn'
          )
        }),
        {}
      ),
      ...(numbers && {
        [numbers.statistic.name]: column(
          (_, i) => numbers.values[i]!,
          '',
          `${numbers.statistic.words} of its largest matrix; NaN where it has none`
        )
      })
    }
  )
}

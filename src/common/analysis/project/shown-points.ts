import { axis, variable, type Dataset, type NumberArray } from '../../data/dataset.ts'
import { tokenKinds } from '../../text/token-kinds.ts'
import { tokenText } from '../../text/token-text.ts'
import type { PointSet } from './point-sets.ts'

/** Points as an analysis laid them out. */
export interface ShownPoints {
  readonly result: Dataset
  readonly set: PointSet
  /** [point, 2], or as they lie in space: [point, 3] */
  readonly places: Float32Array
  readonly dimensions: number
  readonly labels: readonly string[]
  /** [point] each; null where there is none such */
  readonly index: NumberArray
  readonly norm: NumberArray
  readonly layer: NumberArray | null
  readonly token: NumberArray | null
  readonly kind: NumberArray | null
  /** Shares of the variance, of principal components: of each that can be shown. */
  readonly spectrum: readonly number[] | null
  readonly near: {
    readonly count: number
    /** [point, neighbour] */
    readonly points: NumberArray
    readonly distances: NumberArray
  } | null
}

/** @param result of the analysis `project` */
export function shownPoints(result: Dataset): ShownPoints {
  const of = (name: string) => (name in result.variables ? variable(result, name).data : null)
  const index = variable(result, 'index').data
  const { labels } = result.axes['point']!
  const near = of('near')
  return {
    result,
    set: result.attributes['set'] as PointSet,
    places: Float32Array.from(variable(result, 'places').data),
    dimensions: result.axes['dimension']!.length,
    labels: labels ?? Array.from(index, String),
    index,
    norm: variable(result, 'norm').data,
    layer: of('layer'),
    token: of('token'),
    kind: of('kind'),
    spectrum: 'spectrum' in result.variables ? [...of('spectrum')!] : null,
    near: near && {
      count: near.length / index.length,
      points: near,
      distances: variable(result, 'near_distance').data
    }
  }
}

/**
 * The same points in other places, of a layout that is on its way; null where these are of other points.
 * @param places [point, dimension]
 * @param method what its dimensions are called by
 */
export function pointsAt(
  points: ShownPoints,
  places: Float32Array,
  method: string
): ShownPoints | null {
  const { dimensions, index, result } = points
  if (places.length !== index.length * dimensions) return null
  const { places: before, ratio, trustworthiness, ...variables } = result.variables
  const labels = Array.from({ length: dimensions }, (_, i) => `${method} ${i + 1}`)
  return {
    ...points,
    places,
    spectrum: null,
    result: {
      ...result,
      axes: { ...result.axes, dimension: axis(labels) },
      variables: {
        ...variables,
        places: { ...before!, data: places },
        ratio: { ...ratio!, data: new Float64Array(dimensions).fill(NaN) },
        // Told of the picture once it is done.
        trustworthiness: { ...trustworthiness!, data: Float64Array.of(NaN) }
      }
    }
  }
}

const special = tokenKinds.indexOf('special')

/** What stands at a point: a token with signs for what is not seen, or its name. */
export function pointText({ labels, kind }: ShownPoints, point: number): string {
  const text = labels[point] ?? ''
  if (kind === null) return text
  return tokenText({ text, piece: text, special: kind[point] === special })
}

/** What a point is, in words, such as `Token 12` or `Neuron 3 of layer 1`. */
export function pointName({ set, index, layer, token }: ShownPoints, point: number): string {
  const own = index[point]!
  switch (set) {
    case 'input':
    case 'output':
      return `Token ${own}`
    case 'tokens':
    case 'token-layers':
      return `Position ${own}, token ${token?.[point] ?? '?'}`
    case 'sentences':
      return `Text ${own}`
    case 'positions':
      return `Position ${own}`
    case 'W_in':
    case 'W_out':
      return `Neuron ${own} of layer ${layer?.[point] ?? '?'}`
    default:
      return `Head ${layer?.[point] ?? '?'}.${own}`
  }
}

/**
 * Points whose label has a text, upper case and lower alike, or whose number it is after `#`.
 * @returns rising; none for no text
 */
export function foundPoints({ labels, index }: ShownPoints, query: string): number[] {
  if (query === '') return []
  const number = /^#(\d+)$/.exec(query)?.[1]
  if (number !== undefined) {
    const own = Number(number)
    return [...index.keys()].filter(point => index[point] === own)
  }
  // As tokens are shown.
  const wanted = query.replaceAll('·', ' ').replaceAll('↵', '\n').toLowerCase()
  return labels.flatMap((label, point) => (label.toLowerCase().includes(wanted) ? [point] : []))
}

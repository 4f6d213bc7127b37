import { quantileOf } from '../quantiles.ts'
import type { MeasuredTensor } from './measured-tensor.ts'

/**
 * How large tensors are beside the same ones of other layers: the root mean square of each by the median over layers, of
 * matrices and norms of three layers and more; of others NaN.
 */
export function usualSizes(tensors: readonly MeasuredTensor[]): (tensor: MeasuredTensor) => number {
  const groups = Map.groupBy(
    tensors.filter(
      tensor => isLayered(tensor) && tensor.statistics.nan + tensor.statistics.infinite === 0
    ),
    ({ name, layer }) => inAnyLayer(name, layer!)
  )
  const medians = new Map(
    [...groups].flatMap(([group, own]) => {
      const sizes = Float64Array.from(own, ({ rms }) => rms).sort()
      return own.length < 3 ? [] : [[group, quantileOf(sizes, 0.5)] as const]
    })
  )
  return tensor => {
    if (!isLayered(tensor)) return NaN
    const usual = medians.get(inAnyLayer(tensor.name, tensor.layer!)) ?? NaN
    return usual > 0 ? tensor.rms / usual : NaN
  }
}

/** The name that a tensor of a layer has in all of them, with a star for the number. */
export function inAnyLayer(name: string, layer: number): string {
  return name.replace(new RegExp(`(^|\\D)${layer}(?=\\D|$)`), '$1*')
}

/** Biases of norms may be of any size. */
function isLayered({ name, layer, category, shape }: MeasuredTensor): boolean {
  if (layer === null || (category === 'norm' && name.endsWith('bias'))) return false
  return shape.length === 2 || category === 'norm'
}

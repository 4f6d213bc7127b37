import { rowMajorView, type MatrixView } from '../matrix-product.ts'
import type { WeightAddress, WeightRole } from '../../model/weight-view.ts'
import type { Taken } from '../analysis.ts'
import type { widthsOf } from '../model-widths.ts'
import type { LayerWeights } from './layer-weights.ts'

/** Everything of a layer's heads that has come. */
export interface HeadsOfLayer extends LayerWeights {
  readonly layer: number
  /** Biases [d_head] by role; of a model without none. */
  readonly biases: ReadonlyMap<WeightRole, readonly MatrixView[]>
}

/** The weights of all heads of some layers, layer by layer. */
export function headAddresses(
  { nHeads, nKeyValueHeads }: ReturnType<typeof widthsOf>,
  layers: readonly number[]
): WeightAddress[] {
  const of = (layer: number, roles: readonly WeightRole[], heads: number) =>
    Array.from({ length: heads }, (_, head) => roles.map(role => ({ role, layer, head }))).flat()
  return layers.flatMap(layer => [
    ...of(layer, ['W_K', 'b_K', 'W_V', 'b_V'], nKeyValueHeads),
    ...of(layer, ['W_Q', 'b_Q', 'W_O'], nHeads)
  ])
}

/**
 * Puts the weights of heads together that come layer by layer.
 * @param whole is given each layer once the next one begins, or at the end
 */
export function layerByLayer(whole: (layer: HeadsOfLayer) => void) {
  let layer: number | null = null
  const held = new Map<WeightRole, MatrixView[]>()

  function end(): void {
    if (layer === null) return
    const of = (role: WeightRole) => held.get(role) ?? []
    const biases = new Map([...held].filter(([role]) => role.startsWith('b_')))
    whole({ layer, q: of('W_Q'), k: of('W_K'), v: of('W_V'), o: of('W_O'), biases })
    held.clear()
    layer = null
  }

  function take({ address, shape, start, data }: Extract<Taken, { kind: 'weight' }>): void {
    if (address.layer !== layer) end()
    layer = address.layer
    const [rows = 0, columns = 1] = shape
    const own = held.get(address.role) ?? []
    held.set(address.role, own)
    const head = address.head!
    own[head] ??= rowMajorView(new Float32Array(rows * columns), rows, columns)
    own[head].data.set(data, start * columns)
  }

  return { take, end }
}

import type { AttentionSpec, TransformerSpec } from '#common/model/spec.ts'
import { add, concat, reshape, slice } from '../../graph/expressions.ts'
import type { Value } from '../../graph/graph.ts'
import { queryKeyValue, type HeadAxis, type ProjectionName } from '../query-key-value.ts'
import type { Construction } from './construction.ts'
import { productsOf, weight } from './weights.ts'

/**
 * Queries, keys and values.
 * @param reads what each is made of, [pos, d_model]; most often the same
 * @returns each [pos, head, d_head]; keys and values of the key/value heads
 */
export function projections(
  within: Construction,
  spec: TransformerSpec,
  of: AttentionSpec['projections'],
  reads: Readonly<Record<ProjectionName, Value>>
): Record<ProjectionName, Value> {
  const { dHead } = spec
  const all = queryKeyValue(of, spec)
  const products = new Map([...new Set(Object.values(reads))].map(x => [x, productsOf(within, x)]))
  const heads = (name: ProjectionName): Value => {
    const { matrices, axis, bias } = all[name]
    const product = products.get(reads[name])!
    const parts = matrices.map(matrix => headsOn(product(matrix), axis, dHead))
    const [first, ...rest] = parts as [Value, ...Value[]]
    const value = rest.length === 0 ? first : concat([first, ...rest], 1)
    if (bias === null) return value
    const biases = weight(within, bias.tensor)
    return add(value, headsOn(reshape(biases, [1, ...biases.shape]), bias.axis, dHead))
  }
  return { query: heads('query'), key: heads('key'), value: heads('value') }
}

/**
 * The heads of an axis that holds others, too.
 * @param x [row, heads of all · d_head]
 * @returns [row, head, d_head]
 */
function headsOn(x: Value, { period, start, count }: HeadAxis, dHead: number): Value {
  const [row, width] = x.shape
  const periods = Number(width) / (period * dHead)
  if (period === count) return reshape(x, [row!, periods * period, dHead])
  const own = slice(reshape(x, [row!, periods, period, dHead]), 2, start, start + count)
  return reshape(own, [row!, periods * count, dHead])
}

import type { AttentionSpec, LinearSpec, TransformerSpec } from '#common/model/spec.ts'
import { add, concat, reshape, slice } from '../../graph/expressions.ts'
import type { Value } from '../../graph/graph.ts'
import type { Construction } from './construction.ts'
import { linear, weight } from './weights.ts'

/**
 * Queries, keys and values of x.
 * @param x [pos, d_model]
 * @returns each [pos, head, d_head]; keys and values of the key/value heads
 */
export function projections(
  within: Construction,
  { nHeads, nKeyValueHeads, dHead }: TransformerSpec,
  spec: AttentionSpec['projections'],
  x: Value
): { q: Value; k: Value; v: Value } {
  const counts = [nHeads, nKeyValueHeads, nKeyValueHeads]
  const heads = (whole: Value, count: number) => reshape(whole, ['pos', count, dHead])

  if (spec.layout === 'interleaved') {
    const group = nHeads / nKeyValueHeads
    const groups = reshape(linear(within, x, spec.linear), [
      'pos',
      nKeyValueHeads,
      group + 2,
      dHead
    ])
    return {
      q: heads(slice(groups, 2, 0, group), nHeads),
      k: heads(slice(groups, 2, group, group + 1), nKeyValueHeads),
      v: heads(slice(groups, 2, group + 1, group + 2), nKeyValueHeads)
    }
  }
  if (spec.layout === 'concatenated') {
    const whole = linear(within, x, spec.linear)
    const [q, k, v] = endToEnd(whole, 1, counts, dHead).map((part, i) => heads(part, counts[i]!))
    return { q: q!, k: k!, v: v! }
  }
  if (spec.layout === 'by-head') {
    const all = (of: readonly LinearSpec[]) => {
      const [first, ...rest] = of.map(head => linear(within, x, head))
      return heads(concat([first!, ...rest], 1), of.length)
    }
    return { q: all(spec.query), k: all(spec.key), v: all(spec.value) }
  }
  const biases = spec.bias === null ? null : endToEnd(weight(within, spec.bias), 0, counts, dHead)
  const part = (of: LinearSpec, i: number) => {
    const whole = linear(within, x, of)
    return heads(biases === null ? whole : add(whole, biases[i]!), counts[i]!)
  }
  return { q: part(spec.query, 0), k: part(spec.key, 1), v: part(spec.value, 2) }
}

function endToEnd(x: Value, axis: number, counts: readonly number[], dHead: number): Value[] {
  let end = 0
  return counts.map(count => {
    const start = end
    end += count * dHead
    return slice(x, axis, start, end)
  })
}

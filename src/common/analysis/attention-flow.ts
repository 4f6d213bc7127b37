import { maximumFlow, type Arc } from './maximum-flow.ts'

/**
 * How much could flow from each residual after the last of some layers to each token of the text.
 * @param mixed of each layer Â, [query, key]: what an arc from a query to a key takes
 * @returns [query, key]
 * @source Abnar & Zuidema 2020, section 3
 */
export function attentionFlow(mixed: readonly Float64Array[], size: number): Float64Array {
  const node = (layer: number, pos: number) => layer * size + pos
  const arcs = mixed.flatMap((own, layer): Arc[] =>
    [...own].flatMap((capacity, i) => {
      const [query, key] = [Math.floor(i / size), i % size]
      return capacity === 0
        ? []
        : [{ from: node(layer + 1, query), to: node(layer, key), capacity }]
    })
  )
  const nodes = (mixed.length + 1) * size
  return Float64Array.from({ length: size * size }, (_, i) =>
    maximumFlow(nodes, arcs, node(mixed.length, Math.floor(i / size)), i % size)
  )
}

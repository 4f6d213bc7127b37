import type { AttentionSpec, LinearSpec, TransformerSpec } from '#common/model/spec.ts'

/** Where some heads lie on an axis that holds many end to end: of every `period` of them `count`, the first at `start`. */
export interface HeadAxis {
  readonly period: number
  readonly start: number
  readonly count: number
}

/** Where the queries, the keys or the values of an attention layer come from. */
export interface Projection {
  /** Heads of queries, or of keys and values. */
  readonly heads: number
  /** The matrices that its heads are in, in order, each with as many. */
  readonly matrices: readonly LinearSpec[]
  /** How many heads each of the matrices holds, those of other projections counted. */
  readonly matrixHeads: number
  /** Where its heads lie on the output axis of a matrix, and of the matrix' own bias. */
  readonly axis: HeadAxis
  /** A bias of all queries, keys and values in one tensor, and where its heads lie there. */
  readonly bias: { readonly tensor: string; readonly axis: HeadAxis } | null
}

export type ProjectionName = 'query' | 'key' | 'value'

/** How queries, keys and values lie in the file: the one place that knows. */
export function queryKeyValue(
  projections: AttentionSpec['projections'],
  { nHeads, nKeyValueHeads }: Pick<TransformerSpec, 'nHeads' | 'nKeyValueHeads'>
): Readonly<Record<ProjectionName, Projection>> {
  const all = fusedHeads(nHeads, nKeyValueHeads)
  const endToEnd = {
    query: { period: all, start: 0, count: nHeads },
    key: { period: all, start: nHeads, count: nKeyValueHeads },
    value: { period: all, start: nHeads + nKeyValueHeads, count: nKeyValueHeads }
  }
  const each = (of: (name: ProjectionName, heads: number) => Omit<Projection, 'heads'>) => ({
    query: { heads: nHeads, ...of('query', nHeads) },
    key: { heads: nKeyValueHeads, ...of('key', nKeyValueHeads) },
    value: { heads: nKeyValueHeads, ...of('value', nKeyValueHeads) }
  })
  switch (projections.layout) {
    case 'separate': {
      const { bias } = projections
      return each((name, heads) => ({
        matrices: [projections[name]],
        matrixHeads: heads,
        axis: alone(heads),
        bias: bias === null ? null : { tensor: bias, axis: endToEnd[name] }
      }))
    }
    case 'by-head':
      return each(name => ({
        matrices: projections[name],
        matrixHeads: 1,
        axis: alone(1),
        bias: null
      }))
    case 'concatenated':
      return each(name => ({
        matrices: [projections.linear],
        matrixHeads: all,
        axis: endToEnd[name],
        bias: null
      }))
    case 'partitioned': {
      const { linear, partitions } = projections
      const [query, keyValue] = [nHeads / partitions, nKeyValueHeads / partitions]
      const period = fusedHeads(query, keyValue)
      const inPart = {
        query: { period, start: 0, count: query },
        key: { period, start: query + keyValue, count: keyValue },
        value: { period, start: query, count: keyValue }
      }
      return each(name => ({
        matrices: [linear],
        matrixHeads: all,
        axis: inPart[name],
        bias: null
      }))
    }
    case 'interleaved': {
      const group = nHeads / nKeyValueHeads
      const period = fusedHeads(group, 1)
      const inGroup = {
        query: { period, start: 0, count: group },
        key: { period, start: group, count: 1 },
        value: { period, start: group + 1, count: 1 }
      }
      return each(name => ({
        matrices: [projections.linear],
        matrixHeads: all,
        axis: inGroup[name],
        bias: null
      }))
    }
  }
}

/** Heads, or widths, of queries, keys and values together. */
export function fusedHeads(query: number, keyValue: number): number {
  return query + 2 * keyValue
}

/** What of all that is left for keys, and for values, once the queries are taken. */
export function keyValueOf(fused: number, query: number): number {
  return (fused - query) / 2
}

/** The place of one head among all heads of its matrix, and which of the matrices that is. */
export function placeOfHead(
  { heads, matrices, axis }: Projection,
  head: number
): { matrix: LinearSpec; place: number } {
  const perMatrix = heads / matrices.length
  const matrix = matrices[Math.floor(head / perMatrix)]!
  return { matrix, place: placeOn(axis, head % perMatrix) }
}

/** The place on the axis of the head that is there the `own`-th of its kind. */
export function placeOn({ period, start, count }: HeadAxis, own: number): number {
  return Math.floor(own / count) * period + start + (own % count)
}

function alone(heads: number): HeadAxis {
  return { period: heads, start: 0, count: heads }
}

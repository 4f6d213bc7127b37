import type { NodeProto } from '../../onnx/onnx_pb.js'
import { ancestors, type Flow } from './flow.ts'

/** Where the tokens' own vectors flow, from their embedding to an output. */
export interface Stream {
  /** Whether the node at a place has a part in it. */
  has(place: number): boolean
  /**
   * Places of the nodes that all of it passes through, in order: the residual stream, and the steps of
   * what leads into and out of it.
   */
  readonly narrows: readonly number[]
}

/** What tells a size and passes no value on. */
const sizeOps: ReadonlySet<string> = new Set(['Shape', 'Size'])

/** @param start place of the node that looks the embeddings up */
export function streamOf(flow: Flow, start: number, end: string): Stream {
  const towardEnd = ancestors(flow, [end])
  const places: number[] = []
  const inside = new Set<number>()
  for (let place = start; place < flow.nodes.length; place++) {
    const reads =
      place === start ||
      flow.inputs(place).some(value => inside.has(flow.producer.get(value) ?? -1))
    if (!reads || !towardEnd.has(place) || sizeOps.has(flow.nodes[place]!.opType)) continue
    inside.add(place)
    places.push(place)
  }
  const narrows: number[] = []
  // The last place at which something computed so far is still read.
  let open = start
  for (const place of places) {
    if (open <= place) narrows.push(place)
    for (const output of flow.nodes[place]!.output)
      for (const reader of flow.consumers.get(output) ?? [])
        if (inside.has(reader)) open = Math.max(open, reader)
  }
  return { has: place => inside.has(place), narrows }
}

/** Operators that sum two values of the stream, some with a norm behind. */
const sums: ReadonlySet<string> = new Set([
  'Add',
  'Sum',
  'SkipLayerNormalization',
  'SkipSimplifiedLayerNormalization'
])

/** Whether a node adds to the residual stream what was computed from it. */
export function isResidualSum(flow: Flow, stream: Stream, place: number): boolean {
  if (!sums.has(flow.nodes[place]!.opType)) return false
  const own = flow.inputs(place).filter(value => stream.has(flow.producer.get(value) ?? -1))
  return own.length >= 2
}

/** Which output of a sum with a norm behind is the sum itself. */
export const sumOutput = 3

/** The value that a narrow place passes on. */
export function passedOn(flow: Flow, { opType, output }: NodeProto): string {
  // The fused operators give the sum itself as their fourth output, where somebody reads it.
  const sum = opType.startsWith('Skip') ? output[sumOutput] : undefined
  return sum !== undefined && flow.consumers.has(sum) ? sum : output[0]!
}

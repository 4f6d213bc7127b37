import { LamellaError } from '#common/model/errors.ts'
import type { ExposedPart } from '../../architecture/onnx/expose.ts'
import type { Fill, OnnxInputType } from '../../architecture/onnx/inputs.ts'
import type { OnnxFacts } from '../../architecture/onnx/onnx-transformer.ts'
import type { EngineFeed, EngineFeeds } from '../../engine/protocol.ts'

/**
 * What the inputs that a part of an ONNX graph reads get for one text.
 * @throws LamellaError `invalid-argument` when the graph takes another number of tokens
 */
export function onnxFeeds(
  { inputs, fixedLength }: Pick<OnnxFacts, 'inputs' | 'fixedLength'>,
  part: Pick<ExposedPart, 'inputs'>,
  ids: readonly number[]
): EngineFeeds {
  if (fixedLength !== null && ids.length !== fixedLength)
    throw new LamellaError(
      'invalid-argument',
      `The text has ${ids.length} tokens; this ONNX graph takes exactly ${fixedLength}`
    )
  return Object.fromEntries(
    inputs
      .filter(({ name }) => part.inputs.includes(name))
      .map(({ name, type, fill, shape }) => {
        const sizes = shape.map(size => (size === 'length' ? ids.length : size))
        const length = sizes.reduce((product, size) => product * size, 1)
        const values = Array.from({ length }, (_, i) => filled(fill, i, ids))
        return [name, { type, shape: sizes, data: arrays[type](values) } as EngineFeed]
      })
  )
}

function filled(fill: Fill, at: number, ids: readonly number[]): number {
  if (fill === 'ids') return ids[at]!
  if (fill === 'positions') return at
  if (fill === 'length') return ids.length
  return fill === 'last' ? ids.length - 1 : fill
}

const arrays: Readonly<Record<OnnxInputType, (values: number[]) => EngineFeed['data']>> = {
  float32: values => Float32Array.from(values),
  float16: values => Float16Array.from(values),
  int64: values => BigInt64Array.from(values, BigInt),
  int32: values => Int32Array.from(values),
  bool: values => Uint8Array.from(values)
}

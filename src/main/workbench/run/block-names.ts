import type { TransformerSpec } from '#common/model/spec.ts'
import { firstAlike } from '../../architecture/block-inputs.ts'
import { linkedOutput } from '../../graph/onnx.ts'
import type { Chunk } from './chunks.ts'

/** What a part of blocks calls one of them; so is the input called that says whether it runs, where there are several. */
export function blockName(layer: number): string {
  return `blocks.${layer}`
}

/** What a part of blocks calls an output of one of them: of a hook its full name. */
export function outputOfBlock(layer: number, output: string): string {
  return linkedOutput(blockName(layer), output)
}

/** What a part of blocks calls an input of one of them, beside the residual: those that take in the same share it. */
export function inputOfBlock(
  spec: TransformerSpec,
  { from }: Chunk,
  layer: number,
  input: string
): string {
  const first = firstAlike(spec, from, layer)
  return first === from ? input : `${blockName(first)}.${input}`
}

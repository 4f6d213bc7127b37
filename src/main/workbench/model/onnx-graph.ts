import type { ExposedPart } from '../../architecture/onnx/expose.ts'
import type { OnnxFacts } from '../../architecture/onnx/onnx-transformer.ts'
import type { KnownFile } from '../../files/known-file.ts'
import type { Reader } from '../../reader/client.ts'
import type { RawConfig } from '../../reader/model-files.ts'

/** What a model's own ONNX graph gives, and the graph in two parts. */
export interface OnnxGraph extends OnnxFacts {
  /** Up to the last residual. */
  readonly body: () => Promise<ExposedPart>
  /** From the last residual on. */
  readonly head: () => Promise<ExposedPart>
}

/** Parts are written when they are first asked for. */
export function onnxGraph(
  facts: OnnxFacts,
  reader: Reader,
  file: KnownFile,
  config: RawConfig
): OnnxGraph {
  const written = new Map<string, Promise<ExposedPart>>()
  const partOf = (part: 'body' | 'head') => () => {
    const known = written.get(part)
    if (known !== undefined) return known
    const writing = reader.ask('onnxPart', { file, config, part })
    written.set(part, writing)
    writing.catch(() => written.delete(part))
    return writing
  }
  return { ...facts, body: partOf('body'), head: partOf('head') }
}

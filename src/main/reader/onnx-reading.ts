import type { RawConfig } from '../architecture/config-reader.ts'
import type { ExposedPart } from '../architecture/onnx/expose.ts'
import type { OnnxFacts, OnnxTransformer } from '../architecture/onnx/onnx-transformer.ts'
import type { Checkpoint } from '../checkpoint/checkpoint.ts'
import type { KnownFile } from '../files/known-file.ts'
import { readOnnxStructure } from '../checkpoint/onnx-structure.ts'

/** A part of a model's own graph. */
export interface OnnxPartSource {
  readonly file: KnownFile
  readonly config: RawConfig
  /** Up to the last residual, or from there on. */
  readonly part: 'body' | 'head'
}

/** Writes parts of a model's graph, which is read once: a reader has one model, whose files are those that were opened. */
export function createOnnxParts(): { of(source: OnnxPartSource): Promise<ExposedPart> } {
  let transformer: OnnxTransformer | null = null
  return {
    async of({ file, config, part }) {
      transformer ??= await readOnnx(file, config)
      return transformer[part]()
    }
  }
}

/**
 * What is known of what an ONNX checkpoint computes.
 * @throws LamellaError `unsupported` when it cannot run, `file-invalid`
 */
export async function readOnnxFacts(
  { files }: Checkpoint,
  config: RawConfig,
  signal: AbortSignal
): Promise<OnnxFacts> {
  const { widths, fixedLength, inputs, predicts, hooks, bodyHooks, headHooks, limits } =
    await readOnnx(files[0]!, config, signal)
  return { widths, fixedLength, inputs, predicts, hooks, bodyHooks, headHooks, limits }
}

/**
 * Reads what an ONNX checkpoint computes.
 * @throws LamellaError `unsupported` when it cannot run, `file-invalid`
 */
async function readOnnx(
  file: KnownFile,
  config: RawConfig,
  signal?: AbortSignal
): Promise<OnnxTransformer> {
  // Most models are in no graph, and to lay out its schema is a fifth of what a reader's start takes.
  const { readOnnxTransformer } = await import('../architecture/onnx/onnx-transformer.ts')
  return readOnnxTransformer(await readOnnxStructure(file, signal), config, file.label)
}

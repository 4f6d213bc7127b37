import type { RawConfig } from '../../architecture/config-reader.ts'
import {
  readOnnxTransformer,
  type OnnxTransformer
} from '../../architecture/onnx/onnx-transformer.ts'
import type { Checkpoint } from '../../checkpoint/checkpoint.ts'
import { readOnnxStructure } from '../../checkpoint/onnx-structure.ts'

/**
 * Reads what an ONNX checkpoint computes.
 * @throws LamellaError `unsupported` when it cannot run, `file-invalid`
 */
export async function readOnnx(
  { files }: Checkpoint,
  config: RawConfig,
  signal: AbortSignal
): Promise<OnnxTransformer> {
  const file = files[0]!
  return readOnnxTransformer(await readOnnxStructure(file, signal), config, file.label)
}

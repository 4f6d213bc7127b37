import { basename } from 'node:path'
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
  { path, files }: Checkpoint,
  config: RawConfig,
  signal: AbortSignal
): Promise<OnnxTransformer> {
  const file = files[0]!.path
  // In the Hugging Face cache a file is called by its hash.
  const label = [file, path].map(name => basename(name)).find(name => /\.onnx$/i.test(name))
  const named = label ?? 'model.onnx'
  return readOnnxTransformer(await readOnnxStructure(file, named, signal), config, named)
}

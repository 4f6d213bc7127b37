import { extname } from 'node:path'
import { invalidFile, unsupportedFile } from '../files/file-error.ts'
import type { FilePlace } from '../files/folder.ts'
import { readExactly, withFile } from '../files/open-file.ts'
import { otherWeights } from './other-weights.ts'
import { headerLimit, readSafetensors } from './safetensors.ts'
import type { WeightsContent } from './tensor-entry.ts'
import { readTorchFile } from './torch-file.ts'

/** Endings of the files that weights are read from. */
export const weightsEnding = /\.(safetensors|bin|pt|pth|ckpt)$/i

/** Of an ONNX model, which may keep its weights in other files and is read by `readOnnx`. */
export const onnxEnding = /\.onnx$/i

/** What Hugging Face calls files of weights, in the order it looks for them. */
export const standardNames = [
  'model.safetensors',
  'model.safetensors.index.json',
  'pytorch_model.bin',
  'pytorch_model.bin.index.json',
  'model.onnx',
  // Where exports for the browser keep it.
  'onnx/model.onnx'
]

/** How one of several files is called, such as `model-00001-of-00003.safetensors`. */
export const shardName = /^(.*)-(\d{5})-of-(\d{5})(\.(?:safetensors|bin))$/i

/** Whether a file is called as the index of several files of weights. */
export function isIndexName(name: string): boolean {
  return /\.(safetensors|bin)\.index\.json$/i.test(name)
}

/** Whether a file is called as weights are, or as the index of several. */
export function isWeightsName(name: string): boolean {
  return weightsEnding.test(name) || onnxEnding.test(name) || isIndexName(name)
}

/** Whether a file is called as a model's weights are, not as what training leaves beside them or another program reads. */
export function isModelWeights(name: string): boolean {
  return isWeightsName(name) && otherWeights(name) === null
}

/**
 * Reads what one file of weights holds, as its ending tells; the content decides between PyTorch and
 * safetensors where the ending leaves that open.
 * @throws LamellaError
 */
export async function readWeightsFile(
  place: FilePlace,
  signal?: AbortSignal
): Promise<WeightsContent> {
  const name = place.label
  // Files in the Hugging Face cache are named by a hash, without an ending.
  if (extname(name) !== '' && !weightsEnding.test(name))
    throw (
      otherWeights(name) ??
      unsupportedFile(
        name,
        'is not a file of weights that can be read',
        'Readable are .safetensors, .bin, .pt, .pth, .ckpt and .onnx files.'
      )
    )
  const start = await startOf(place)
  if (webPage.test(start.toString('latin1')))
    throw invalidFile(
      name,
      'is a web page, which was saved in place of the file',
      'Download the file itself, then open it again.'
    )
  const isSafetensors = /\.safetensors$/i.test(name) || looksLikeSafetensors(start)
  return (isSafetensors ? readSafetensors : readTorchFile)(place, signal)
}

const webPage = /^\s*<(!doctype html|html)\b/i

async function startOf(place: FilePlace): Promise<Buffer> {
  return withFile(place, async file => {
    const start = Buffer.alloc(Math.min(file.size, 64))
    await readExactly(file, 0, start)
    return start
  })
}

function looksLikeSafetensors(start: Buffer): boolean {
  return start.length >= 10 && start.readBigUInt64LE() <= headerLimit && start[8] === 0x7b
}

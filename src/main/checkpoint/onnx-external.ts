import { LamellaError } from '#common/model/errors.ts'
import { fileLabel, invalidFile, quoted } from '../files/file-error.ts'
import { checkpointFile } from './checkpoint-file.ts'
import { fileInFolder, isPlainRelative, type Folder } from '../files/folder.ts'
import type { OnnxTensor } from './onnx-tensor.ts'
import { withFile } from '../files/open-file.ts'
import type { CheckpointFile } from './tensor-entry.ts'

/** Finds the data that an ONNX model keeps in files beside it. */
export interface ExternalData {
  /**
   * Where a tensor's bytes lie.
   * @param entries what the tensor says of it: `location`, `offset`, `length`
   * @throws LamellaError naming the model, the tensor and what is wrong
   */
  find(
    tensor: Pick<OnnxTensor, 'name' | 'byteLength'>,
    entries: ReadonlyMap<string, string>
  ): Promise<{ readonly file: CheckpointFile; readonly offset: number }>
  /** The files found so far. */
  files(): readonly CheckpointFile[]
}

/**
 * @param folder the model folder; nothing outside it is opened
 * @param name the model file's path in the folder
 */
export function externalData(folder: Folder, name: string, label: string): ExternalData {
  const beside = name.slice(0, name.lastIndexOf('/') + 1)
  const found = new Map<string, CheckpointFile>()

  async function look(location: string): Promise<CheckpointFile> {
    const known = found.get(location)
    if (known !== undefined) return known
    // Looked at by itself first, so that it is what a message names.
    if (!isPlainRelative(location)) await fileInFolder(folder, location)
    const place = await fileInFolder(folder, beside + location)
    const file = await withFile({ ...place, label: location }, checkpointFile)
    found.set(location, file)
    return file
  }

  return {
    files: () => [...new Map([...found.values()].map(file => [file.path, file])).values()],
    async find({ name: tensor, byteLength }, entries) {
      const subject = `the external data of tensor ${quoted(tensor)}`
      const location = entries.get('location') ?? ''
      if (location === '') throw invalidFile(label, `${subject} names no file`)
      const offset = wholeNumber(entries.get('offset') ?? '0')
      const length = wholeNumber(entries.get('length') ?? String(byteLength))
      if (offset === null || length === null)
        throw invalidFile(
          label,
          `${subject} has the ${offset === null ? 'offset' : 'length'} ${quoted(entries.get(offset === null ? 'offset' : 'length')!)}, which is no number of bytes`
        )
      if (length !== byteLength)
        throw invalidFile(
          label,
          `${subject} is ${length} bytes long, but the tensor takes ${byteLength}`
        )
      const file = await look(location).catch((thrown: unknown) => {
        if (!(thrown instanceof LamellaError)) throw thrown
        throw new LamellaError(thrown.code, `${fileLabel(label)}: ${subject}: ${thrown.message}`)
      })
      if (offset + length > file.size)
        throw invalidFile(
          label,
          `${subject} goes to byte ${offset + length}, past the end of ${quoted(location)} (${file.size} bytes)`
        )
      return { file, offset }
    }
  }
}

/** Null for what is no whole number up to 2^53. */
function wholeNumber(text: string): number | null {
  const number = /^\d{1,16}$/.test(text) ? Number(text) : NaN
  return Number.isSafeInteger(number) ? number : null
}

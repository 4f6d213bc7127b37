import { Zip, ZipPassThrough } from 'fflate'
import { npyOfNumbers, npyOfTexts } from '#common/data/npy.ts'
import { LamellaError } from '#common/model/errors.ts'
import type { NamedArrays } from './named-arrays.ts'
import { writeWholeFile } from './whole-file.ts'

/** ZIP counts bytes in 32 bits. */
const mostBytes = 2 ** 32 - 2 ** 20

/**
 * Writes arrays as NumPy reads them: each by its name, `labels.<axis>` for each axis that has labels, and
 * `attributes.json`.
 * @throws LamellaError when they are over 4 GB or the file cannot be written
 */
export async function writeNpz(
  path: string,
  { names, array, bytes = 0, attributes, axes, variables, labels }: NamedArrays,
  keep: readonly string[] = []
): Promise<void> {
  checkSize(path, bytes)
  await writeWholeFile(
    path,
    async file => {
      const waiting: Uint8Array[] = []
      const zip = new Zip((error, chunk) => {
        if (error) throw error
        waiting.push(chunk)
      })
      const flush = async () => {
        for (const chunk of waiting.splice(0)) await file.append(chunk)
      }
      const add = async (name: string, pieces: readonly Uint8Array[]) => {
        const entry = new ZipPassThrough(name)
        // The same arrays are the same file.
        entry.mtime = new Date(1980, 0, 1)
        zip.add(entry)
        for (const [i, piece] of pieces.entries()) {
          entry.push(piece, i === pieces.length - 1)
          await flush()
        }
      }
      let written = 0
      for (const name of names) {
        const own = await array(name)
        checkSize(path, (written += own.data.byteLength))
        await add(`${name}.npy`, npyOfNumbers(own.shape, own.data))
      }
      for (const [name, texts] of Object.entries(labels))
        if (texts !== null) await add(`labels.${name}.npy`, npyOfTexts(texts))
      const about = JSON.stringify({ attributes, axes, variables })
      await add('attributes.json', [new TextEncoder().encode(about)])
      zip.end()
      await flush()
    },
    keep
  )
}

function checkSize(path: string, bytes: number): void {
  if (bytes > mostBytes)
    throw new LamellaError(
      'unsupported',
      `${path}: an NPZ file holds at most 4 GB`,
      'Save it as safetensors instead.'
    )
}

import { Zip, ZipPassThrough } from 'fflate'
import { type Dataset, shapeOf } from '#common/data/dataset.ts'
import { LamellaError } from '#common/model/errors.ts'
import { npyOfNumbers, npyOfTexts } from './npy.ts'
import { writeWholeFile } from './whole-file.ts'

/** ZIP counts bytes in 32 bits. */
const mostBytes = 2 ** 32 - 2 ** 20

/**
 * Writes a dataset as NumPy reads it: an array a variable, `labels.<axis>` for each axis that has labels, and
 * `attributes.json`.
 * @throws LamellaError when it is over 4 GB or the file cannot be written
 */
export async function writeNpz(
  path: string,
  dataset: Dataset,
  keep: readonly string[] = []
): Promise<void> {
  const { axes, variables, attributes } = dataset
  const bytes = Object.values(variables).reduce((sum, { data }) => sum + data.byteLength, 0)
  if (bytes > mostBytes)
    throw new LamellaError(
      'unsupported',
      `${path}: an NPZ file holds at most 4 GB`,
      'Save it as safetensors instead.'
    )
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
        // The same dataset is the same file.
        entry.mtime = new Date(1980, 0, 1)
        zip.add(entry)
        for (const [i, piece] of pieces.entries()) {
          entry.push(piece, i === pieces.length - 1)
          await flush()
        }
      }
      for (const [name, variable] of Object.entries(variables))
        await add(`${name}.npy`, npyOfNumbers(shapeOf(dataset, variable), variable.data))
      for (const [name, { labels }] of Object.entries(axes))
        if (labels !== null) await add(`labels.${name}.npy`, npyOfTexts(labels))
      const about = { attributes, axes: axesOf(dataset) }
      await add('attributes.json', [new TextEncoder().encode(JSON.stringify(about))])
      zip.end()
      await flush()
    },
    keep
  )
}

/** The axes of each variable, by name. */
export function axesOf({ variables }: Dataset): Record<string, string[]> {
  return Object.fromEntries(Object.entries(variables).map(([name, { axes }]) => [name, axes]))
}

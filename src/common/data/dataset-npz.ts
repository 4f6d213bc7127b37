import { zipSync, type Zippable } from 'fflate'
import { type Dataset, descriptions, shapeOf } from './dataset.ts'
import { npyOfNumbers, npyOfTexts } from './npy.ts'

/**
 * A dataset as NumPy reads it, whole: each variable by its name, `labels.<axis>` for each axis that has labels, and
 * `attributes.json`, which says also what variables are.
 */
export function datasetNpz(dataset: Dataset): Uint8Array<ArrayBuffer> {
  const { attributes, axes, variables } = dataset
  const files: Zippable = {}
  const add = (name: string, pieces: readonly Uint8Array[]) => {
    // The same arrays are the same file.
    files[name] = [joined(pieces), { level: 0, mtime: new Date(1980, 0, 1) }]
  }
  for (const [name, own] of Object.entries(variables))
    add(`${name}.npy`, npyOfNumbers(shapeOf(dataset, own), own.data))
  for (const [name, { labels }] of Object.entries(axes))
    if (labels !== null) add(`labels.${name}.npy`, npyOfTexts(labels))
  const along = Object.fromEntries(
    Object.entries(variables).map(([name, { axes }]) => [name, axes])
  )
  const about = { attributes, axes: along, variables: descriptions(dataset) }
  add('attributes.json', [new TextEncoder().encode(JSON.stringify(about))])
  return zipSync(files)
}

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const piece of pieces) {
    whole.set(piece, at)
    at += piece.length
  }
  return whole
}

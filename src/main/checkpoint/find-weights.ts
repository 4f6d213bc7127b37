import { opendir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { LamellaError } from '#common/model/errors.ts'
import { fileError, fileLabel, quoted } from '../files/file-error.ts'
import { fileInFolder, openFolder, type FilePlace, type Folder } from '../files/folder.ts'
import { otherWeightsIn } from './other-weights.ts'
import { isIndexName, isModelWeights, shardName, standardNames } from './weights-file.ts'

/** The file that a model folder's weights begin with. */
export interface WeightsFile {
  /** Its label is the name it has in the folder, which tells its kind. */
  readonly place: FilePlace
  readonly folder: Folder
}

/** So that a folder of endless files is left early. */
const entryLimit = 20_000

/** Of a folder without weights: what is looked through in its folders, together. */
const folderLimit = 200
const entryLimitBelow = 100_000

/** Of many files or folders that could be meant, so many are told by their paths. */
const mostChoices = 20

/**
 * Finds the weights of a model folder: a standard name, else the only weights file
 * there is, or one so much larger than all others that they cannot be the model; else those of the only model in a folder of it.
 * @param limitBelow files in its folders that are looked through
 * @throws LamellaError `not-found` when there is none, or several lie in folders of it, `unsupported` when there are only such
 *   as are not read, `file-invalid` when several files could be meant
 */
export async function findWeights(
  folder: Folder,
  limitBelow = entryLimitBelow
): Promise<WeightsFile> {
  const here = (await standardWeights(folder)) ?? (await largestWeights(folder))
  if (here !== null) return here
  const { files, folders } = await entriesOf(folder.path)
  // What other programs keep a model in may be a folder.
  files.push(...folders)
  const models: Folder[] = []
  let left = limitBelow
  const below = await foldersBelow(folder.path)
  for (const path of below.slice(0, folderLimit)) {
    // Nobody asked by name for what cannot be read.
    const names = (await entriesOf(path).catch(() => nothing)).files
    if ((left -= names.length) < 0) throw tooMany(folder.path, limitBelow, 'in its folders ')
    const inner = await modelFolder(path, names)
    if (inner === null) files.push(...names)
    else models.push(inner)
  }
  const [only, ...others] = models
  if (only === undefined) throw noWeights(folder, files, below.length)
  if (others.length > 0) throw severalModels(folder, models, below.length)
  return findWeights(only)
}

async function standardWeights(folder: Folder): Promise<WeightsFile | null> {
  for (const name of standardNames) {
    const place = await fileInFolder(folder, name).catch((thrown: unknown) => {
      if (thrown instanceof LamellaError && thrown.code === 'not-found') return null
      throw thrown
    })
    if (place !== null) return { place, folder }
  }
  return null
}

/** The weights of no standard name, also of a graph in the folder where exports for the browser keep it. */
async function largestWeights(folder: Folder): Promise<WeightsFile | null> {
  const own = await weightsBySize(folder.path)
  const first = own.find(({ name }) => shardName.test(name))
  // Shards without an index are one model, whatever their sizes.
  const group = ({ name }: { name: string }) => shardName.exec(name)?.[1]
  if (first !== undefined && own.every(file => group(file) === group(first)))
    return { place: await fileInFolder(folder, first.name), folder }
  const inOnnx = own.length > 0 ? [] : await weightsInOnnx(folder.path)
  const found = [...own, ...inOnnx.map(({ name, size }) => ({ name: `onnx/${name}`, size }))]
  const [largest, second] = found
  if (largest === undefined) return null
  // Variants of one graph differ in size by their numbers alone, and of two indices neither is larger.
  const isLarger = (than: number) => largest.size > than && largest.size >= than * 4
  const isClear = second === undefined || (own.length > 0 && isLarger(second.size))
  if (isClear) return { place: await fileInFolder(folder, largest.name), folder }
  const names = found.map(({ name }) => quoted(name)).sort()
  throw new LamellaError(
    'file-invalid',
    `${fileLabel(folder.path)}: holds several files of weights and none has a standard name: ${names.slice(0, 5).join(', ')}`,
    'Open one of the files instead of the folder.',
    found
      .slice(0, mostChoices)
      .map(({ name }) => join(folder.path, name))
      .sort()
  )
}

async function weightsBySize(folder: string): Promise<{ name: string; size: number }[]> {
  const found: { name: string; size: number }[] = []
  for (const name of (await entriesOf(folder)).files) {
    if (!isModelWeights(name)) continue
    const isIndex = isIndexName(name)
    const { size } = await stat(join(folder, name)).catch(() => ({ size: 0 }))
    // An index stands for all of its shards.
    found.push({ name, size: isIndex ? Infinity : size })
  }
  return found.sort((a, b) => b.size - a.size)
}

async function weightsInOnnx(folder: string): Promise<{ name: string; size: number }[]> {
  const { folders } = await entriesOf(folder)
  return folders.includes('onnx') ? weightsBySize(join(folder, 'onnx')) : []
}

/**
 * A folder that has weights; null for another, also for one that cannot be read: nobody asked for it by name.
 * @param names of the files in it
 */
async function modelFolder(path: string, names: readonly string[]): Promise<Folder | null> {
  try {
    const folder = await openFolder(path)
    const isModel = names.some(isModelWeights) || (await standardWeights(folder)) !== null
    return isModel ? folder : null
  } catch (thrown) {
    if (thrown instanceof LamellaError) return null
    throw thrown
  }
}

/**
 * Folders in which a model may lie: those of the folder, the last checkpoint of a training first; of a model in the Hugging Face
 * cache its snapshots, and of the cache those of every model.
 */
async function foldersBelow(folder: string): Promise<string[]> {
  const { folders } = await entriesOf(folder)
  const inOrder = folders.sort((a, b) => b.localeCompare(a, 'en', { numeric: true }))
  if (folders.includes('snapshots') && folders.includes('blobs'))
    return foldersBelow(join(folder, 'snapshots'))
  const cached = inOrder.filter(name => name.startsWith('models--')).slice(0, folderLimit)
  const within = await Promise.all(cached.map(name => foldersBelow(join(folder, name))))
  const others = inOrder.filter(name => !cached.includes(name)).map(name => join(folder, name))
  return [...within.flat(), ...others]
}

interface Entries {
  readonly files: string[]
  readonly folders: string[]
}

const nothing: Entries = { files: [], folders: [] }

/** The names in a folder; none where there is no such folder. A link is no folder: what lies behind it was not opened. */
async function entriesOf(folder: string): Promise<Entries> {
  const found: Entries = { files: [], folders: [] }
  try {
    let seen = 0
    for await (const entry of await opendir(folder)) {
      found[entry.isDirectory() ? 'folders' : 'files'].push(entry.name)
      if (++seen === entryLimit) throw tooMany(folder, entryLimit)
    }
  } catch (thrown) {
    const error = fileError(folder, thrown)
    if (error.code !== 'not-found') throw error
  }
  return found
}

function tooMany(folder: string, limit: number, where = ''): LamellaError {
  return new LamellaError(
    'unsupported',
    `${fileLabel(folder)}: holds ${where}more than ${limit} files and none has a standard name`,
    'Open the file of weights instead of the folder.'
  )
}

/**
 * Why a folder has nothing to open: what is there in place of weights.
 * @param names of the files in it and in its folders
 * @param folders that it has, of which no more than the limit were looked through
 */
function noWeights({ path }: Folder, names: readonly string[], folders: number): LamellaError {
  const none = new LamellaError(
    'not-found',
    `${fileLabel(path)}: holds no weights${folders > folderLimit ? ` itself, nor do the last ${folderLimit} of its ${folders} folders; the others were not looked through` : ''}`,
    'Choose a folder with model.safetensors, pytorch_model.bin, an index of either or model.onnx, or a file of weights.'
  )
  return otherWeightsIn(path, names) ?? none
}

function severalModels(folder: Folder, models: readonly Folder[], folders: number): LamellaError {
  const names = models.map(({ path }) => quoted(path.slice(folder.path.length + 1)))
  const shown = names.slice(0, 5).join(', ')
  return new LamellaError(
    'not-found',
    `${fileLabel(folder.path)}: holds no weights itself, and ${models.length} models in ${folders > folderLimit ? `the last ${folderLimit} of its ${folders}` : 'its'} folders: ${shown}${names.length > 5 ? ', …' : ''}`,
    `Open one of them, such as ${names[0]}.`,
    models.slice(0, mostChoices).map(({ path }) => path)
  )
}

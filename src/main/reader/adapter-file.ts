import { toLamellaError } from '#common/model/errors.ts'
import type { Checkpoint, CheckpointFile, TensorEntry } from '../checkpoint/checkpoint.ts'
import { readWeightsFile } from '../checkpoint/weights-file.ts'
import { printable } from '../files/file-error.ts'
import { fileInFolder, type Folder } from '../files/folder.ts'
import { adapterWeightFiles } from './adapter.ts'

/** What PEFT begins the names of an adapter's tensors with. */
const prefix = 'base_model.model.'

/** A matrix or another tensor of an adapter: of which module, and which part. */
const part = /^(.*?)\.(lora_.*|[^.]+)$/

/** A checkpoint with what an adapter has for it. */
export interface WithAdapter {
  readonly checkpoint: Checkpoint
  /** What the file is called. */
  readonly label: string
  /** How many of its tensors stand in place of those of the checkpoint. */
  readonly replaced: number
}

/** The tensors of an adapter, and the files that they are in. */
export interface AdapterWeights {
  readonly files: readonly CheckpointFile[]
  readonly tensors: ReadonlyMap<string, TensorEntry>
}

/** The file of an adapter in a folder; null where there is none. */
export async function adapterWeights(folder: Folder): Promise<AdapterWeights | null> {
  for (const name of adapterWeightFiles)
    try {
      const { file, tensors } = await readWeightsFile(await fileInFolder(folder, name))
      return { files: [file], tensors }
    } catch (error) {
      if (toLamellaError(error).code !== 'not-found') throw error
    }
  return null
}

/**
 * A checkpoint with the tensors of an adapter beside the matrices that they change, under the checkpoint's names; those that the
 * adapter has whole stand in place of its own.
 * @returns in words why it is not for this checkpoint, where some of it finds no place
 */
export function withAdapter(
  checkpoint: Checkpoint,
  { files, tensors }: AdapterWeights
): WithAdapter | string {
  const all = new Map(checkpoint.tensors)
  let replaced = 0
  for (const [name, entry] of tensors) {
    const [, module = '', rest = ''] = part.exec(name) ?? []
    const isLowRank = rest.startsWith('lora_')
    const own = ownName(module, isLowRank ? 'weight' : rest, checkpoint)
    if (own === null) return `${printable(name)} changes nothing that is there`
    if (isLowRank && rest.endsWith('.bias'))
      return `${printable(name)} is what it adds to a bias, which is not merged`
    const target = isLowRank ? own.slice(0, -'weight'.length) + rest : own
    if (!isLowRank) replaced++
    all.set(target, { ...entry, name: target })
  }
  return {
    checkpoint: { ...checkpoint, files: [...checkpoint.files, ...files], tensors: all },
    label: files[0]!.label,
    replaced
  }
}

/** The checkpoint's name of a tensor of a module: models may be stored without the words that stand before all of them. */
function ownName(module: string, tensor: string, { tensors }: Checkpoint): string | null {
  let own = module.startsWith(prefix) ? module.slice(prefix.length) : module
  for (;;) {
    const name = `${own}.${tensor}`
    if (tensors.has(name)) return name
    const end = own.indexOf('.')
    if (end === -1) return null
    own = own.slice(end + 1)
  }
}

import { charactersIn } from './characters.ts'
import type { PickleValue } from './pickle-value.ts'
import { modelTensors, statesBeside } from './state-dict.ts'
import { statedBeside } from './stated.ts'
import type { Stated } from './tensor-entry.ts'
import { torchTensor, type TorchTensor } from './torch-tensor.ts'

/** Where a storage lies in the file. */
export interface StoragePlace {
  readonly offset: number
  readonly byteLength: number
  /** Of all its bytes; 0 when the file does not say. */
  readonly crc32: number
}

/** The tensors a PyTorch file describes, and by key the storages they look into. */
export interface TorchContent {
  readonly tensors: ReadonlyMap<string, TorchTensor>
  readonly places: ReadonlyMap<string, StoragePlace>
  /** What it says of the model beside them, by name; null where it says nothing. */
  readonly stated: Stated | null
  /** What ids stand for, from 0; null where it does not say. */
  readonly characters: readonly string[] | null
  /** Under which keys it holds tensors beside the model that are not read. */
  readonly beside: readonly string[]
}

/**
 * What a PyTorch file says, but for where its storages lie.
 * @param content of its pickle
 * @throws LamellaError where it holds no tensors, or one that is not supported
 */
export function described(label: string, content: PickleValue): Omit<TorchContent, 'places'> {
  const tensors = new Map<string, TorchTensor>()
  for (const [name, value] of modelTensors(label, content))
    tensors.set(name, torchTensor(label, name, value))
  return {
    tensors,
    stated: statedBeside(content),
    characters: charactersIn(content),
    beside: statesBeside(content)
  }
}

/** The largest pickle that is read, in bytes; it describes tensors and holds none. */
export const pickleLimit = 100_000_000

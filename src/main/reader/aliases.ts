import type { Checkpoint, TensorEntry } from '../checkpoint/checkpoint.ts'

/**
 * A checkpoint in which tensors that are stored under another name alone, as its metadata says, are found
 * under their own too; such an entry has the name it is stored under.
 * @source safetensors, `torch.py`: of tensors that share memory `save_model` keeps one and notes the others
 */
export function withAliases(checkpoint: Checkpoint): Checkpoint {
  const tensors = new Map<string, TensorEntry>(checkpoint.tensors)
  for (const [alias, name] of checkpoint.metadata) {
    const stored = checkpoint.tensors.get(name)
    if (stored !== undefined && !tensors.has(alias)) tensors.set(alias, stored)
  }
  return { ...checkpoint, tensors }
}

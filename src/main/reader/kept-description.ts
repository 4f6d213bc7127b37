import { join } from 'node:path'
import type { LamellaFile } from '#common/model/describe-file.ts'
import type { Checkpoint } from '../checkpoint/checkpoint.ts'
import { openFolder } from '../files/folder.ts'
import { sha256 } from '../files/sha256.ts'
import { readLamellaFile } from './model-files.ts'

/**
 * What the data folder has of a checkpoint; null when it has nothing.
 * @param descriptions the folder of those that are kept
 */
export function keptDescription(
  descriptions: string,
  checkpoint: Checkpoint
): Promise<LamellaFile | null> {
  // A damaged file in the data folder is as good as none: it can be made anew.
  return openFolder(keptFolder(descriptions, checkpoint))
    .then(readLamellaFile)
    .catch(() => null)
}

/** Checkpoints whose tensors have the same names, types and shapes are read alike, whatever their values. */
export function keptFolder(descriptions: string, { tensors }: Checkpoint): string {
  const listed = [...tensors.values()].map(
    ({ name, dtype, shape }) => `${name} ${dtype} ${shape.join('x')}`
  )
  return join(descriptions, sha256(listed.sort()).slice(0, 32))
}

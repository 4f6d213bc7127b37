import type { OpenFile } from '../files/open-file.ts'
import { sampleOf } from '../files/sample.ts'
import type { CheckpointFile } from './tensor-entry.ts'

/** What a checkpoint keeps of one of its files. */
export async function checkpointFile(file: OpenFile): Promise<CheckpointFile> {
  const { path, label, roots, size, mark } = file
  return { path, label, roots, size, mark, sample: await sampleOf(file) }
}

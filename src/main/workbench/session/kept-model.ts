import { lstat } from 'node:fs/promises'
import { isAbsolute } from 'node:path'
import { z } from 'zod'
import type { SessionModel } from '#common/contract/session.ts'
import { ModelInfo } from '#common/contract/schemas.ts'
import { markOf } from '../../files/known-file.ts'
import { sha256 } from '../../files/sha256.ts'
import type { Model } from '../model/model.ts'

/** Of how many places before a model is known. */
export const mostFormer = 100

/** A model as a session keeps it: all that can be shown of it without its folder, and by what it is known again. */
export const KeptModel = z.object({
  info: ModelInfo,
  /** What it was made of, by path and by what the system told of each file. */
  files: z.array(z.object({ path: z.string(), mark: z.string() })).max(100_000),
  /** What its files hold, wherever they lie: the same of a copy. */
  content: z.string(),
  /** Fingerprints that it had where it lay before, the latest last: what was drawn of it then is of it. */
  formerly: z.array(z.string()).max(mostFormer).default([])
})
export type KeptModel = z.infer<typeof KeptModel>

export function keptModel(model: Model): KeptModel {
  const files = [...model.checkpoint.files, ...model.files]
  return {
    info: model.info,
    files: files.map(({ path, mark }) => ({ path, mark })),
    content: contentOf(model),
    formerly: []
  }
}

/**
 * What tells what a model's files hold, without where they lie and when they were written: config.json, what the files say
 * of their tensors, bytes throughout them, and how long all are.
 */
export function contentOf({ info, checkpoint, files }: Model): string {
  return sha256([
    info.rawConfig,
    ...checkpoint.files.map(({ label, size, sample }) => `${label} ${size} ${sample}`),
    ...files.map(({ label, size }) => `${label} ${size}`),
    ...[...checkpoint.tensors].map(([name, { dtype, shape, strides, file, offset }]) =>
      JSON.stringify([name, dtype, shape, strides, file.label, offset])
    )
  ])
}

/**
 * Whether a path that a session names may be looked at unasked. A relative one says a name alone, as in a session that came with
 * its model; one of another machine would be told who asks.
 */
export function isOnThisMachine(path: string): boolean {
  return isAbsolute(path) && !/^[\\/]{2}/.test(path)
}

/** Whether the very files of a model are where they were. */
export async function stateOf({ info, files }: KeptModel): Promise<SessionModel['state']> {
  if (!isOnThisMachine(info.path)) return 'missing'
  const there = await lstat(info.path).catch(() => null)
  if (there === null) return 'missing'
  for (const { path, mark } of files) {
    const now = isOnThisMachine(path) ? await lstat(path, { bigint: true }).catch(() => null) : null
    if (now === null || markOf(now) !== mark) return 'changed'
  }
  return 'here'
}

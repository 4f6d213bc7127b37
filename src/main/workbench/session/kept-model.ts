import { lstat, readdir } from 'node:fs/promises'
import { basename, isAbsolute, join, sep } from 'node:path'
import { z } from 'zod'
import type { SessionModel } from '#common/contract/session.ts'
import type { ModelRef } from '#common/model/model-ref.ts'
import { isOfAnotherMachine } from '#common/model/other-machine.ts'
import { ModelConfig, ModelInfo } from '#common/contract/schemas.ts'
import type { CallContext } from '#common/contract/rpc.ts'
import { type KnownFile, markOf } from '../../files/known-file.ts'
import { sha256 } from '../../files/sha256.ts'
import type { FileHashes } from '../model/file-hashes.ts'
import { mostBlocks } from '../../architecture/config-reader.ts'
import { isOfTokenizer } from '../../reader/model-names.ts'
import type { Model } from '../model/model.ts'

/** Of how many places before a model is known. */
export const mostFormer = 100

const KeptFile = z.object({
  path: z.string(),
  /** What the system told of it. */
  mark: z.string(),
  /** Its name within the model, and all that it held; null where it was not read whole. */
  held: z
    .object({ label: z.string(), bytes: z.number(), sha256: z.string() })
    .nullable()
    .default(null)
})

/** More than any model has, and as many as a window can draw: it has no files that could say otherwise. */
const most = { layers: mostBlocks, heads: 2 ** 16 }

const Width = z.int().min(0)
const KeptConfig = ModelConfig.extend({
  nLayers: Width.max(most.layers),
  nHeads: Width,
  nKeyValueHeads: Width,
  dModel: Width,
  dHead: Width,
  dMlp: Width,
  dVocab: Width,
  nCtx: Width
}).refine(
  ({ nLayers, nHeads }) => nLayers * nHeads <= most.heads,
  `expected at most ${most.heads} heads`
)

/** A model as a session keeps it: all that can be shown of it without its folder, and by what it is known again. */
export const KeptModel = z.object({
  info: ModelInfo.extend({ config: KeptConfig.nullable() }),
  /** What it was made of. */
  files: z.array(KeptFile).max(100_000),
  /** The hash of the description that says how it is read; null where none does. Sessions of before do not tell. */
  described: z.string().nullable().optional(),
  /** Fingerprints that it had where it lay before, the latest last: what was drawn of it then is of it. */
  formerly: z.array(z.string()).max(mostFormer).default([])
})
export type KeptModel = z.infer<typeof KeptModel>

/**
 * A model that is open, of whose files no more is kept than what the system tells, and what a session had read of the same
 * files before.
 */
export function keptModel(model: Model, before?: KeptModel): KeptModel {
  const held = new Map(before?.files.map(({ mark, held }) => [mark, held]))
  return {
    info: model.info,
    files: filesOf(model).map(({ path, mark }) => ({ path, mark, held: held.get(mark) ?? null })),
    described: describedAs(model),
    formerly: []
  }
}

/** A model that is open, with what its files hold: each is read whole once for as long as it stays the same file. */
export async function keptWhole(
  model: Model,
  hashes: FileHashes,
  context: CallContext
): Promise<KeptModel> {
  const files = filesOf(model)
  const found = await hashes.of(files, context)
  return {
    ...keptModel(model),
    files: files.map(({ path, mark, label, size: bytes }, i) => ({
      ...{ path, mark },
      held: { label, bytes, sha256: found[i]! }
    }))
  }
}

/** A file that lies somewhere, and the hash of the one that a session keeps in its place. */
export type FileToCompare = readonly [there: KnownFile, sha256: string]

/**
 * What has to be read whole to tell whether a model is the very one that a session keeps: nothing where its files are the same
 * to the system, as those of a folder are that was only moved.
 * @returns `unknown` where the session does not keep what they held
 */
export function filesToCompare(
  kept: KeptModel,
  there: Model
): readonly FileToCompare[] | 'another' | 'unknown' {
  const files = filesOf(there)
  const isDescribedAlike = kept.described === undefined || kept.described === describedAs(there)
  if (kept.files.length !== files.length || !isDescribedAlike) return 'another'
  return filesOtherwiseMarked(kept, files, () => true)
}

/**
 * Whether texts are read by the very tokenizer of a model that a session keeps. Its fingerprint, which tells what computes, does
 * not say.
 * @returns `unknown` where the session does not keep what the files held, and they are others to the system
 */
export async function comparedTokenizer(
  kept: KeptModel,
  there: Pick<Model, 'files'>,
  hashes: FileHashes,
  context: CallContext
): Promise<'same' | 'another' | 'unknown'> {
  const isOne = (label: string) => isOfTokenizer(basename(label))
  const files = there.files.filter(({ label }) => isOne(label))
  const compared = filesOtherwiseMarked(kept, files, isOne)
  if (typeof compared === 'string') return compared
  return (await holdTheSame(compared, hashes, context)) ? 'same' : 'another'
}

/** What {@link filesToCompare} says of some of a model's files. @param isOne whether a file is one of them, by its label */
function filesOtherwiseMarked(
  kept: KeptModel,
  files: readonly KnownFile[],
  isOne: (label: string) => boolean
): readonly FileToCompare[] | 'another' | 'unknown' {
  const isKnown = kept.files.every(({ held }) => held !== null)
  const held = kept.files.flatMap(({ held }) => (held && isOne(held.label) ? held : []))
  if (held.length > files.length || (isKnown && held.length < files.length)) return 'another'
  const marks = new Set(kept.files.map(({ mark }) => mark))
  if (files.every(({ mark }) => marks.has(mark))) return []
  if (held.length < files.length) return 'unknown'
  held.sort(byLabel)
  const pairs = [...files].sort(byLabel).map((file, i) => [file, held[i]!] as const)
  if (pairs.some(([{ label, size }, own]) => label !== own.label || size !== own.bytes))
    return 'another'
  return pairs.map(([file, { sha256 }]) => [file, sha256])
}

/** Whether files hold what those of a session held. */
export async function holdTheSame(
  compared: readonly FileToCompare[],
  hashes: FileHashes,
  context: CallContext
): Promise<boolean> {
  const files = compared.map(([file]) => file)
  const found = await hashes.of(files, context)
  return compared.every(([, sha256], i) => found[i] === sha256)
}

/** A model as it lies elsewhere, of which a session keeps what it held. */
export function keptElsewhere({ files }: KeptModel, there: Model): KeptModel {
  const byMark = new Map(files.map(({ mark, held }) => [mark, held]))
  const byLabel = new Map(files.map(({ held }) => [held?.label, held]))
  const held = ({ mark, label }: KnownFile) => byMark.get(mark) ?? byLabel.get(label) ?? null
  return {
    ...keptModel(there),
    files: filesOf(there).map(file => ({ path: file.path, mark: file.mark, held: held(file) }))
  }
}

/** A model as it lay before, where nothing has to be any more. */
export function keptBefore(kept: KeptModel, { path, fingerprint }: ModelRef): KeptModel {
  const { info, files } = kept
  const inFolder = info.path + sep
  return {
    ...kept,
    info: {
      ...info,
      ...{ path, fingerprint },
      name: info.name === basename(info.path) ? basename(path) : info.name
    },
    files: files.map(file => ({
      ...file,
      path: file.path.startsWith(inFolder)
        ? join(path, file.path.slice(inFolder.length))
        : file.path
    }))
  }
}

function filesOf({ checkpoint, files }: Model): readonly KnownFile[] {
  return [...checkpoint.files, ...files]
}

function describedAs({ info, spec }: Model): string | null {
  return info.family === 'described' ? sha256([JSON.stringify(spec)]) : null
}

function byLabel(a: { readonly label: string }, b: { readonly label: string }): number {
  return a.label < b.label ? -1 : Number(a.label > b.label)
}

/**
 * Whether a path that a session names may be looked at unasked. A relative one says a name alone, as in a session that came with
 * its model; one of another machine would be told who asks.
 */
export function isOnThisMachine(path: string): boolean {
  return isAbsolute(path) && !isOfAnotherMachine(path)
}

/** Whether the very files of a model are where they were. */
export async function stateOf({ info, files }: KeptModel): Promise<SessionModel['state']> {
  if (!isOnThisMachine(info.path)) return 'missing'
  const there = await lstat(info.path).catch(() => null)
  if (there === null || (await isEmpty(info.path))) return 'missing'
  for (const { path, mark } of files) {
    const now = isOnThisMachine(path) ? await lstat(path, { bigint: true }).catch(() => null) : null
    if (now === null || markOf(now) !== mark) return 'changed'
  }
  return 'here'
}

/** Whether a folder holds nothing, as where a disk is not mounted. */
async function isEmpty(path: string): Promise<boolean> {
  const names = await readdir(path).catch(() => null)
  return names?.length === 0
}

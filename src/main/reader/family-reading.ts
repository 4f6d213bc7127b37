import { LamellaError } from '#common/model/errors.ts'
import { architectureOf, familyOf, type Architecture } from '../architecture/architecture.ts'
import type { TensorTable } from '../architecture/tensor-table.ts'
import { namings, type Naming } from '../architecture/wrappers.ts'
import type { Checkpoint, TensorEntry } from '../checkpoint/checkpoint.ts'
import { quoted } from '../files/file-error.ts'
import type { RawConfig } from './model-files.ts'

/** What a family reads a checkpoint as. */
export interface FamilyReading extends Omit<Architecture, 'assumed'> {
  /** The checkpoint under the model's own names. */
  readonly checkpoint: Checkpoint
  /** Null where its names are those that are stored. */
  readonly unlikeStored: 'names' | null
  /** What the reading took for granted or left out, in sentences. */
  readonly notes: readonly string[]
}

/**
 * Reads a checkpoint by the family that config.json says, or that fits its tensors; of what was stored from inside of a wrapper,
 * such as a compiled or a sharded model, by the names inside. Where the head fits by no names, all before it is read.
 * @throws LamellaError `unsupported`, `file-invalid` as `architectureOf`
 */
export function readByFamily(config: RawConfig, checkpoint: Checkpoint): FamilyReading {
  const isNamed = familyOf(config) !== null
  const { architecture, naming } = firstThatFits(config, checkpoint)
  const guess = `config.json says no model_type: what fits its tensors is ${architecture.family}.`
  const { assumed, ...read } = architecture
  const notes = [
    ...(isNamed ? [] : [guess]),
    ...assumed,
    ...(naming === null ? [] : [namingNote(naming)])
  ]
  return {
    ...read,
    checkpoint: naming === null ? checkpoint : renamed(checkpoint, naming),
    unlikeStored: naming === null ? null : 'names',
    notes
  }
}

interface Fitting {
  readonly architecture: Architecture
  readonly naming: Naming | null
}

function firstThatFits(config: RawConfig, { tensors }: Checkpoint): Fitting {
  const whole = fittingOf(config, tensors, true)
  if (!(whole instanceof LamellaError)) return whole
  const headless = fittingOf(config, tensors, false)
  if (!(headless instanceof LamellaError)) return headless
  throw whole
}

const misfits: readonly string[] = ['unsupported', 'file-invalid']

/** By the first names that fit; the error of those that are stored where none do. */
function fittingOf(
  config: RawConfig,
  tensors: TensorTable,
  needsHead: boolean
): Fitting | LamellaError {
  const misfit = (read: () => Architecture) => {
    try {
      return read()
    } catch (error) {
      if (error instanceof LamellaError && misfits.includes(error.code)) return error
      throw error
    }
  }
  const asStored = misfit(() => architectureOf(config, tensors, needsHead))
  if (!(asStored instanceof LamellaError)) return { architecture: asStored, naming: null }
  for (const naming of namings(tensors)) {
    const table = new Map([...naming.stored].map(([name, stored]) => [name, tensors.get(stored)!]))
    const architecture = misfit(() => architectureOf(config, table, needsHead))
    if (!(architecture instanceof LamellaError)) return { architecture, naming }
  }
  return asStored
}

function renamed(checkpoint: Checkpoint, { stored }: Naming): Checkpoint {
  const own = new Map([...stored].map(([name, of]) => [of, name]))
  const tensors = new Map<string, TensorEntry>()
  for (const [name, of] of stored) {
    const entry = checkpoint.tensors.get(of)!
    tensors.set(name, { ...entry, name: own.get(entry.name) ?? entry.name })
  }
  return { ...checkpoint, tensors }
}

function namingNote({ prefix, words }: Naming): string {
  const left = [...(prefix === '' ? [] : [prefix]), ...words.map(word => `${word}.`)]
  return `The names of tensors are read without ${left.map(quoted).join(' and ')}, which a wrapper put into them.`
}

import { LamellaError } from '#common/model/errors.ts'
import { firstFault } from '#common/model/first-fault.ts'
import { TransformerSpec, type TransformerDescription } from '#common/model/spec.ts'
import { readConfig, type ConfigReader, type RawConfig } from './config-reader.ts'
import { families } from './families.ts'
import type { Family } from './family.ts'
import { architectureName } from './heads.ts'
import { withKnownHead } from './known-head.ts'
import { checkRoles, rolesOf } from './roles.ts'
import type { TensorTable } from './tensor-table.ts'

/** A model's family and what it says of this one. */
export interface Architecture {
  readonly family: string
  readonly spec: TransformerSpec
  /** What a run of it does not give, and why, in sentences. */
  readonly limits: readonly string[]
  /** What the family assumes, in sentences. */
  readonly assumed: readonly string[]
}

/**
 * What a model is, by its config.json and its tensors.
 * @param needsHead whether a head of its language that is missing, or does not fit, is an error; else it is left out
 * @throws LamellaError `unsupported` when no family reads its model_type, `file-invalid` when config.json
 * or a tensor's shape contradicts the family
 */
export function architectureOf(
  config: RawConfig,
  tensors: TensorTable,
  needsHead = true
): Architecture {
  return readAs(familyOf(config) ?? familyThatFits(config, tensors), config, tensors, needsHead)
}

/**
 * The family that config.json says: by `model_type`, else by the first of `architectures`; null where it says neither.
 * @throws LamellaError `unsupported` where it is none that runs
 */
export function familyOf(config: RawConfig): Family | null {
  const type = config.model_type ?? null
  if (type !== null) {
    const family = families.find(({ modelTypes }) => modelTypes.some(name => name === type))
    if (family !== undefined) return family
    throw notRunning(`model_type ${JSON.stringify(type)} is not a family that runs`)
  }
  const name = architectureName(readConfig(config))
  if (name === null) return null
  const plain = (text: string) => text.toLowerCase().replaceAll(/[-_]/g, '')
  const base = plain(name.replace(/(LMHead|DoubleHeads)?(Model|For[A-Z]\w*)$/, ''))
  const family = families.find(({ modelTypes }) => modelTypes.some(type => plain(type) === base))
  if (family === undefined) throw notRunning(`architectures "${name}" is not a family that runs`)
  return family
}

/**
 * The family whose reading of config.json fits the tensors where config.json does not name one: of those that use the most of
 * them, and of these one whose own fields it has; of several that read it as the same model the first.
 * @throws LamellaError `unsupported` where there is none, or several would be different models
 */
function familyThatFits(config: RawConfig, tensors: TensorTable): Family {
  const reader = readConfig(config)
  const isTold = ({ fields }: Family) => fields?.some(name => reader.has(name)) ?? false
  const possible = families.filter(family => family.fields === undefined || isTold(family))
  const fitting = possible.flatMap(family => {
    const spec = specThatFits(family, config, tensors)
    if (spec === null) return []
    const used = new Set(rolesOf(spec).map(({ tensor }) => tensor)).size
    return [{ family, used, model: JSON.stringify(spec) }]
  })
  const most = Math.max(...fitting.map(({ used }) => used))
  const fullest = fitting.filter(({ used }) => used === most)
  const told = fullest.filter(({ family }) => isTold(family))
  const closest = new Map<string, Family>()
  for (const { family, model } of told.length > 0 ? told : fullest)
    if (!closest.has(model)) closest.set(model, family)
  const [first, ...others] = closest.values()
  if (first === undefined) throw notRunning('no model_type says what it is')
  if (others.length === 0) return first
  const names = [first, ...others].map(({ name }) => name).join(', ')
  throw new LamellaError(
    'unsupported',
    `config.json: no model_type says what it is, and its tensors are those of ${names}`,
    'Add "model_type" to config.json. Its weights can be looked at.'
  )
}

/** What a family reads; null where that does not fit the tensors. */
function specThatFits(
  family: Family,
  config: RawConfig,
  tensors: TensorTable
): TransformerSpec | null {
  // Most do not fit by this alone, and a whole spec of many experts in many layers takes long to make and to check.
  const tokens = unlessRefused(() => embeddingOf(family, config, tensors))
  if (tokens !== null && !tensors.has(tokens)) return null
  return unlessRefused(() => readAs(family, config, tensors).spec)
}

/** The tensor that a family has the embedding of tokens in: found without all blocks but the first. */
function embeddingOf(family: Family, config: RawConfig, tensors: TensorTable): string {
  const reader = readConfig(config, family.aliases)
  const first: ConfigReader = {
    ...reader,
    blocks: (...field) => Math.min(1, reader.blocks(...field))
  }
  return family.describe(first, tensors).embedding.tokens
}

/** Null where what is read is refused. */
function unlessRefused<T>(read: () => T): T | null {
  try {
    return read()
  } catch (error) {
    if (error instanceof LamellaError) return null
    throw error
  }
}

function readAs(
  family: Family,
  config: RawConfig,
  tensors: TensorTable,
  needsHead = true
): Architecture {
  const reader = readConfig(config, family.aliases)
  const described = completedSpec(family.describe(reader, tensors), source)
  const { spec, limits } = withKnownHead(described, reader, tensors, { source, needsHead })
  checkRoles(spec, tensors, source)
  return {
    family: family.name,
    spec,
    limits,
    assumed: family.assumes?.(reader, tensors) ?? []
  }
}

function notRunning(what: string): LamellaError {
  const names = families.map(({ name }) => name).join(', ')
  return new LamellaError(
    'unsupported',
    `config.json: ${what}`,
    `Families that run: ${names}. Its weights can be looked at.`
  )
}

const source = 'config.json'

/**
 * A spec as it is written, completed.
 * @param source the file that it comes from, for messages
 * @throws LamellaError `file-invalid` naming the field that does not fit
 */
function completedSpec(description: TransformerDescription, source: string): TransformerSpec {
  const { dModel, nHeads, nKeyValueHeads, dHead } = description
  if (!Number.isInteger(dHead))
    throw new LamellaError(
      'file-invalid',
      `${source}: a width of ${dModel} does not divide into ${nHeads} heads`
    )
  if (nHeads % nKeyValueHeads !== 0)
    throw new LamellaError(
      'file-invalid',
      `${source}: ${nHeads} heads cannot share ${nKeyValueHeads} key/value heads evenly`
    )
  const { success, data, error } = TransformerSpec.safeParse(description)
  if (success) return data
  // Its paths are those of the spec, not of the file.
  throw new LamellaError(
    'file-invalid',
    `${source}: describes a model that cannot be (${firstFault(error)})`
  )
}

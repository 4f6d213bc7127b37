import type { Checkpoint, TensorEntry } from '../checkpoint/checkpoint.ts'
import { readFloat32 } from '../checkpoint/read.ts'
import { invalidFile, quoted, unsupportedFile } from '../files/file-error.ts'
import { adapterFile, type AdapterConfig } from './adapter.ts'
import { boundedMatrices, computedEntry } from './computed-weights.ts'
import { layoutsOf } from './matrix-layouts.ts'
import type { RawConfig } from './model-files.ts'

/** @source PEFT, `LoraConfig.lora_alpha` */
const usualAlpha = 8

/** Words at the end of a module's name by which factors of its own are found. */
const mostWords = 32

/** The first of an adapter's matrices: `x.lora_A.weight`, with the name of the adapter after A where it has one. */
const loraA = /^(.*)\.lora_A(?:\.([^.]+))?\.weight$/

/** That of a table of embeddings, which are parameters and no modules: `x.lora_embedding_A`. */
const loraTableA = /^(.*)\.lora_embedding_A(?:\.([^.]+))?$/

/** One matrix of a model and what an adapter stores for it. */
interface Adapted {
  /** The module's name, such as `layers.0.q_proj`. */
  readonly module: string
  readonly adapter: string
  /** Whether W is a table of embeddings, which is [in, out] whatever the others are. */
  readonly isTable: boolean
  /** W: [out, in], or [in, out] where it is transposed. */
  readonly base: TensorEntry
  /** A: [rank, in]. */
  readonly down: TensorEntry
  /** B: [out, rank]. */
  readonly up: TensorEntry
  /** How long rows of the sum are, in an adapter that says so: [out]; else null. */
  readonly magnitude: TensorEntry | null
  /** What all of these are called in the checkpoint. */
  readonly names: readonly string[]
}

/**
 * A checkpoint in which what a low-rank adapter adds is added to the matrices beside it, W + s · B A, as float32, and in sentences
 * what was done. The adapter's matrices are no tensors of it any more.
 * @param modelConfig config.json of the model, whose family tells how square matrices lie
 * @throws LamellaError `file-invalid` where matrices do not fit each other, or would take too much memory or time; `unsupported`
 *   where adapter_config.json tells the factors by patterns
 * @source Hu et al. 2021, equation 3, where s is lora_alpha over the rank; Liu et al. 2024 (DoRA), equation 5
 */
export async function withMergedAdapter(
  checkpoint: Checkpoint,
  config: AdapterConfig | null,
  modelConfig: RawConfig = {}
): Promise<{ readonly checkpoint: Checkpoint; readonly notes: readonly string[] }> {
  const all = adaptedOf(checkpoint)
  if (all.length === 0) return { checkpoint, notes: [] }
  const layout = layoutsOf(modelConfig, withoutAdapter(checkpoint, all))
  const isTransposed = transposition(all, config, layout)
  const tensors = new Map(checkpoint.tensors)
  const factorOf = factors(config)
  const count = boundedMatrices('the matrices that its adapter changes')
  for (const adapted of all) {
    const { base, down, up } = adapted
    if (!fits(adapted, isTransposed(adapted))) throw misfit(adapted)
    count({ entry: base, of: [down, up], each: down.shape[0]! })
  }
  const merged = new Set<string>()
  for (const adapted of all) {
    const { module, base, names } = adapted
    // Of several adapters each adds to what those before made of it.
    const own = `${module}.weight`
    const before = merged.has(own) ? tensors.get(own)! : base
    const added = { ...adapted, base: before }
    const values = await sum(added, factorOf(adapted), isTransposed(adapted))
    for (const name of names) tensors.delete(name)
    tensors.set(own, computedEntry(base, own, values))
    merged.add(own)
  }
  return {
    checkpoint: { ...checkpoint, tensors: bareNames(tensors) },
    notes: [noteOf(all, merged.size, config)]
  }
}

/** The tensors that are none of an adapter's, under the names that they have without it. */
function withoutAdapter(checkpoint: Checkpoint, all: readonly Adapted[]): Checkpoint {
  const tensors = new Map(checkpoint.tensors)
  for (const { down, up, magnitude } of all)
    for (const part of [down, up, magnitude]) if (part !== null) tensors.delete(part.name)
  return { ...checkpoint, tensors: bareNames(tensors) }
}

/** Without the word that PEFT puts before the name of what it wraps. */
function bareNames(tensors: ReadonlyMap<string, TensorEntry>): Map<string, TensorEntry> {
  const bare = new Map<string, TensorEntry>()
  for (const [name, entry] of tensors) {
    const own = name.replace('.base_layer.', '.')
    bare.set(own, own === name ? entry : { ...entry, name: own })
  }
  return bare
}

/**
 * Whether what an adapter changes is [in, out]: by its shape, by what the model is read as, by adapter_config.json, or as another
 * matrix has to be. PEFT goes by the module, too, whatever `fan_in_fan_out` says.
 */
function transposition(
  all: readonly Adapted[],
  config: AdapterConfig | null,
  isTurned: (weight: string) => boolean | null
): (adapted: Adapted) => boolean {
  const byShape = (each: Adapted) => {
    const turned = fits(each, true)
    return turned === fits(each, false) ? null : turned
  }
  const usual = config?.transposed ?? all.some(each => !each.isTable && byShape(each) === true)
  return each => each.isTable || (byShape(each) ?? isTurned(`${each.module}.weight`) ?? usual)
}

function adaptedOf({ tensors }: Checkpoint): Adapted[] {
  return [...tensors].flatMap(([name, down]) => {
    const ofTable = loraTableA.exec(name)
    const [, module, adapter = ''] = ofTable ?? loraA.exec(name) ?? []
    if (module === undefined) return []
    const isTable = ofTable !== null
    const named = adapter === '' ? '' : `.${adapter}`
    const ofMagnitude = `${module}.lora_magnitude_vector${named}`
    const firstOf = (...of: string[]) => of.find(one => tensors.has(one)) ?? ''
    const ofUp = isTable ? `${module}.lora_embedding_B${named}` : `${module}.lora_B${named}.weight`
    const ofBase = firstOf(`${module}.base_layer.weight`, `${module}.weight`)
    const ofLengths = firstOf(`${ofMagnitude}.weight`, ofMagnitude)
    const [up, base] = [tensors.get(ofUp), tensors.get(ofBase)]
    if (up === undefined || base === undefined) return []
    const magnitude = tensors.get(ofLengths) ?? null
    // Which of a table's lengths are told is not known.
    if (isTable && magnitude !== null) return []
    const names = [name, ofUp, ofBase, ...(magnitude === null ? [] : [ofLengths])]
    return [{ module, adapter, isTable, base, down, up, magnitude, names }]
  })
}

/** Whether its matrices have the shapes of a sum, and any numbers. */
function fits({ base, down, up, magnitude }: Adapted, isTransposed: boolean): boolean {
  const isMatrix = [base, down, up].every(({ shape }) => shape.length === 2)
  const [outputs = 0, inputs = 0] = isTransposed ? base.shape.toReversed() : base.shape
  const [rank = 0, width] = down.shape
  const [height, other] = up.shape
  const isFull = rank > 0 && inputs > 0 && outputs > 0
  const hasLengths = magnitude === null || magnitude.shape.join() === String(outputs)
  return (
    isMatrix && isFull && hasLengths && width === inputs && height === outputs && other === rank
  )
}

function misfit({ base, down, up, magnitude }: Adapted) {
  const own = [down, up, ...(magnitude === null ? [] : [magnitude])]
  const names = own.map(({ name }) => quoted(name)).join(' and ')
  return invalidFile(
    down.file.label,
    `${names} do not fit ${quoted(base.name)} of shape [${base.shape.join(', ')}]`
  )
}

/** Tells s of the product of an adapter's matrices. @throws LamellaError `unsupported` where patterns say it */
function factors(config: AdapterConfig | null): (adapted: Adapted) => number {
  // Nothing that a file says is run as a regular expression.
  const pattern = config?.alphas.find(([name]) => /[^\w.-]/.test(name))
  if (pattern !== undefined)
    throw unsupportedFile(
      adapterFile,
      `alpha_pattern says ${quoted(pattern[0])}, a pattern, which is not read`,
      'Merge both with peft (merge_and_unload, save_pretrained) and open what comes out.'
    )
  const own = new Map(config?.alphas.map(([name, alpha], order) => [name, { order, alpha }]))
  return ({ module, down: { shape } }) => {
    const words = module.split('.').slice(-mostWords)
    const said = words.flatMap((_, from) => own.get(words.slice(from).join('.')) ?? [])
    const [first] = said.sort((a, b) => a.order - b.order)
    const alpha = first?.alpha ?? config?.alpha ?? usualAlpha
    const [rank = 1] = shape
    return alpha / (config?.byRoot ? Math.sqrt(rank) : rank)
  }
}

/** W + s · B A, each row of it as long as the adapter says where it does; laid out as W is. */
async function sum(
  { base, down, up, magnitude }: Adapted,
  scale: number,
  isTransposed: boolean
): Promise<Float32Array> {
  const [rank, inputs] = down.shape as [number, number]
  const [outputs] = up.shape as [number]
  const values = await readFloat32(base)
  const [a, b] = [await readFloat32(down), await readFloat32(up)]
  const lengths = magnitude === null ? null : await readFloat32(magnitude)
  const [byRow, byColumn] = isTransposed ? [1, outputs] : [inputs, 1]
  const row = new Float64Array(inputs)
  for (let output = 0; output < outputs; output++) {
    row.fill(0)
    for (let r = 0; r < rank; r++) {
      const factor = b[output * rank + r]!
      for (let input = 0; input < inputs; input++) row[input]! += factor * a[r * inputs + input]!
    }
    const at = (input: number) => output * byRow + input * byColumn
    let squares = 0
    for (let input = 0; input < inputs; input++) {
      row[input] = values[at(input)]! + scale * row[input]!
      squares += row[input]! ** 2
    }
    const stretch = lengths === null ? 1 : lengths[output]! / Math.sqrt(squares)
    for (let input = 0; input < inputs; input++) values[at(input)] = stretch * row[input]!
  }
  return values
}

function noteOf(all: readonly Adapted[], matrices: number, config: AdapterConfig | null): string {
  const adapters = [...new Set(all.map(({ adapter }) => adapter))]
  const stored =
    adapters.length === 1
      ? 'An adapter (LoRA) is stored'
      : `${adapters.length} adapters (LoRA), ${adapters.slice(0, 4).map(quoted).join(', ')}${adapters.length > 4 ? ', …' : ''}, are stored`
  const assumed =
    config?.alpha == null
      ? ` No ${adapterFile} says their factor: lora_alpha is taken for ${usualAlpha}.`
      : ''
  const into =
    matrices === 1 ? 'one matrix, and merged into it' : `${matrices} matrices, and merged into them`
  return `${stored} in ${into}.${assumed}`
}

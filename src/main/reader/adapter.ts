import type { Checkpoint, TensorEntry } from '../checkpoint/checkpoint.ts'
import { readFloat32 } from '../checkpoint/read.ts'
import { invalidFile, printable, quoted } from '../files/file-error.ts'
import type { Folder } from '../files/folder.ts'
import { boundedMatrices, computedEntry } from './computed-weights.ts'
import { readOptional } from './model-files.ts'

/** What adapter_config.json says of a low-rank adapter. */
export interface AdapterConfig {
  /** The model that it adapts, as it is called; null where that is not said. */
  readonly base: string | null
  /** Factor of the product of its matrices; null where that is not said. */
  readonly alpha: number | null
  /** Whether alpha is divided by the root of the rank, in place of the rank. */
  readonly byRoot: boolean
}

export const adapterFile = 'adapter_config.json'

/** @source PEFT, `LoraConfig.lora_alpha` */
const usualAlpha = 8

/** What a folder says of an adapter in it; null where it has none. */
export async function readAdapterConfig(folder: Folder): Promise<AdapterConfig | null> {
  const json = await readOptional(folder, adapterFile)
  if (typeof json !== 'object' || json === null) return null
  const {
    base_model_name_or_path: base,
    lora_alpha: alpha,
    use_rslora: byRoot
  } = json as Record<string, unknown>
  return {
    base: typeof base === 'string' ? base : null,
    alpha: typeof alpha === 'number' && Number.isFinite(alpha) ? alpha : null,
    byRoot: byRoot === true
  }
}

/** The two matrices of an adapter: `x.lora_A.weight`, with the name of the adapter after A where it has one. */
const loraA = /^(.*)\.lora_A(\.[^.]+)?\.weight$/
const lora = /\.lora_(A|B|embedding_A|embedding_B|magnitude_vector)\b/

/** Whether a checkpoint holds an adapter and nothing that it adapts. */
export function isAdapterAlone({ tensors }: Checkpoint): boolean {
  return tensors.size > 0 && [...tensors.keys()].every(name => lora.test(name))
}

/**
 * A checkpoint in which what a low-rank adapter adds is added to the matrices beside it: W + s · B A, as float32, and in sentences
 * what was done. The adapter's matrices are no tensors of it any more.
 * @throws LamellaError `file-invalid` where matrices do not fit each other, or would take too much memory
 * @source Hu et al. 2021, equation 3; s is lora_alpha over the rank
 */
export async function withMergedAdapter(
  checkpoint: Checkpoint,
  config: AdapterConfig | null
): Promise<{ readonly checkpoint: Checkpoint; readonly notes: readonly string[] }> {
  const tensors = new Map(checkpoint.tensors)
  let merged = 0
  const count = boundedMatrices('the matrices that its adapter changes')
  for (const [name, a] of checkpoint.tensors) {
    const [, module, adapter = ''] = loraA.exec(name) ?? []
    if (module === undefined) continue
    const nameOfB = `${module}.lora_B${adapter}.weight`
    const b = checkpoint.tensors.get(nameOfB)
    const inner = `${module}.base_layer.weight`
    const base = tensors.get(inner) ?? tensors.get(`${module}.weight`)
    if (b === undefined || base === undefined) continue
    count(base)
    const own = `${module}.weight`
    tensors.set(own, await sum(own, base, a, b, config))
    for (const part of [name, nameOfB, inner]) tensors.delete(part)
    merged++
  }
  if (merged === 0) return { checkpoint, notes: [] }
  const plain = new Map<string, TensorEntry>()
  for (const [name, entry] of tensors) {
    const own = name.replace('.base_layer.', '.')
    plain.set(own, own === name ? entry : { ...entry, name: own })
  }
  const assumed =
    config?.alpha == null
      ? ` No ${adapterFile} says their factor: lora_alpha is taken for ${usualAlpha}.`
      : ''
  return {
    checkpoint: { ...checkpoint, tensors: plain },
    notes: [`An adapter (LoRA) is stored in ${merged} matrices, and merged into them.${assumed}`]
  }
}

/** W + s · B A of W [out, in], A [rank, in] and B [out, rank]. */
async function sum(
  name: string,
  base: TensorEntry,
  a: TensorEntry,
  b: TensorEntry,
  config: AdapterConfig | null
): Promise<TensorEntry> {
  const [outputs = 0, inputs = 0] = base.shape
  const [rank = 0, width] = a.shape
  const [height, other] = b.shape
  const isMatrix = [base, a, b].every(({ shape }) => shape.length === 2)
  if (!isMatrix || width !== inputs || height !== outputs || other !== rank || rank === 0)
    throw invalidFile(
      a.file.label,
      `${quoted(a.name)} and ${quoted(b.name)} do not fit ${quoted(base.name)} of shape [${base.shape.join(', ')}]`
    )
  const scale = (config?.alpha ?? usualAlpha) / (config?.byRoot ? Math.sqrt(rank) : rank)
  const [values, down, up] = [await readFloat32(base), await readFloat32(a), await readFloat32(b)]
  for (let row = 0; row < outputs; row++)
    for (let column = 0; column < inputs; column++) {
      let added = 0
      for (let r = 0; r < rank; r++) added += up[row * rank + r]! * down[r * inputs + column]!
      values[row * inputs + column]! += scale * added
    }
  return computedEntry(base, name, values)
}

/** Why an adapter alone does not run, and what to do. */
export function adapterAlone(config: AdapterConfig): { message: string; hint: string } {
  return {
    message: `${adapterFile}: what is there is ${called(config)}, not a model`,
    hint: 'Open the model that it adapts, or merge both with peft (merge_and_unload, save_pretrained) and open what comes out.'
  }
}

/** That an adapter lies beside a whole model and is not applied. */
export function adapterBeside(config: AdapterConfig): string {
  return `${adapterFile} says that ${called(config)} lies beside these weights: it is not applied.`
}

function called({ base }: AdapterConfig): string {
  return base === null ? 'an adapter (LoRA)' : `an adapter (LoRA) of ${printable(base)}`
}

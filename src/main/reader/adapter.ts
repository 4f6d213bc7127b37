import type { Checkpoint } from '../checkpoint/checkpoint.ts'
import { printable } from '../files/file-error.ts'
import type { Folder } from '../files/folder.ts'
import { readOptional } from './model-files.ts'

/** What adapter_config.json says of a low-rank adapter. */
export interface AdapterConfig {
  /** The model that it adapts, as it is called; null where that is not said. */
  readonly base: string | null
  /** Factor of the product of its matrices; null where that is not said. */
  readonly alpha: number | null
  /** Factors of their own, by the names of modules or the ends of names. */
  readonly alphas: readonly (readonly [module: string, alpha: number])[]
  /** Whether alpha is divided by the root of the rank, in place of the rank. */
  readonly byRoot: boolean
  /** Whether the matrices that it changes are stored as [in, out]; null where that is not said. */
  readonly transposed: boolean | null
}

export const adapterFile = 'adapter_config.json'

/** What a folder says of an adapter in it; null where it has none. */
export async function readAdapterConfig(folder: Folder): Promise<AdapterConfig | null> {
  const json = await readOptional(folder, adapterFile)
  if (typeof json !== 'object' || json === null) return null
  const {
    base_model_name_or_path: base,
    lora_alpha: alpha,
    alpha_pattern: alphas,
    use_rslora: byRoot,
    fan_in_fan_out: transposed
  } = json as Record<string, unknown>
  return {
    base: typeof base === 'string' ? base : null,
    alpha: isNumber(alpha) ? alpha : null,
    alphas: Object.entries(alphas ?? {}).filter((entry): entry is [string, number] =>
      isNumber(entry[1])
    ),
    byRoot: byRoot === true,
    transposed: typeof transposed === 'boolean' ? transposed : null
  }
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value)
}

const lora = /\.lora_(A|B|embedding_A|embedding_B|magnitude_vector)\b/

/** Whether a checkpoint holds an adapter and nothing that it adapts. */
export function isAdapterAlone({ tensors }: Checkpoint): boolean {
  return tensors.size > 0 && [...tensors.keys()].every(name => lora.test(name))
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

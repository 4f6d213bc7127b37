import type { Checkpoint } from '../checkpoint/checkpoint.ts'
import { fileLabel, printable } from '../files/file-error.ts'
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
  /** What it is called where it adds no products of two matrices; null for one that does. */
  readonly otherKind: string | null
}

export const adapterFile = 'adapter_config.json'

/** What PEFT calls the weights of an adapter. */
export const adapterWeightFiles = ['adapter_model.safetensors', 'adapter_model.bin']

/** What is known of an adapter that its tensors’ names alone tell. */
const untold: AdapterConfig = {
  base: null,
  alpha: null,
  alphas: [],
  byRoot: false,
  transposed: null,
  otherKind: null
}

/** What a folder says of an adapter in it, or the names of tensors that are one; null where there is none. */
export async function readAdapterConfig(
  folder: Folder,
  { tensors }: Checkpoint
): Promise<AdapterConfig | null> {
  const json = await readOptional(folder, adapterFile)
  if (typeof json !== 'object' || json === null) return isLora(tensors) ? untold : null
  const {
    base_model_name_or_path: base,
    lora_alpha: alpha,
    alpha_pattern: alphas,
    use_rslora: byRoot,
    fan_in_fan_out: transposed,
    peft_type: kind = 'LORA'
  } = json as Record<string, unknown>
  return {
    base: typeof base === 'string' ? base : null,
    alpha: isNumber(alpha) ? alpha : null,
    alphas: Object.entries(alphas ?? {}).filter((entry): entry is [string, number] =>
      isNumber(entry[1])
    ),
    byRoot: byRoot === true,
    transposed: typeof transposed === 'boolean' ? transposed : null,
    otherKind: kind === 'LORA' ? null : printable(String(kind))
  }
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value)
}

const lora = /\.lora_(A|B|embedding_A|embedding_B|magnitude_vector)\b/

/** Whether a checkpoint holds an adapter and nothing that it adapts. */
export function isAdapterAlone({ files, tensors }: Checkpoint): boolean {
  if (tensors.size === 0) return false
  const isNamedSo = files.every(({ label }) => adapterWeightFiles.includes(label))
  return isNamedSo || isLora(tensors)
}

function isLora(tensors: Checkpoint['tensors']): boolean {
  return tensors.size > 0 && [...tensors.keys()].every(name => lora.test(name))
}

/**
 * Why an adapter alone does not run, and what to do.
 * @param file of its weights
 * @param whyNot why it is not applied to the model that it is said to adapt; null where none is said
 */
export function adapterAlone(
  config: AdapterConfig,
  file: string,
  whyNot: string | null
): { message: string; hint: string } {
  const message = `${config === untold ? fileLabel(file) : adapterFile}: what is there is ${called(config)}, not a model`
  return {
    message: whyNot === null ? message : `${message}, and it is not applied (${whyNot})`,
    hint:
      config.otherKind === null
        ? 'Choose the model that it adapts, in the window or by info --base: it is applied to that. Its matrices alone can be looked at.'
        : 'Apply it with peft, save the model that comes of it and open that. Its weights alone can be looked at.'
  }
}

/** That an adapter is applied to a model that lies elsewhere. */
export function adapterOnBase(config: AdapterConfig, base: string): string {
  return `The folder holds ${called(config)}: it is applied to the model in ${base}.`
}

/** That an adapter lies beside a whole model and is not applied, and why where that is known. */
export function adapterBeside(config: AdapterConfig, why: string | null): string {
  const reason = why === null ? '' : ` (${why})`
  return `${adapterFile} says that ${called(config)} lies beside these weights: it is not applied${reason}.`
}

/**
 * That an adapter that lies in a file beside a whole model is applied to it.
 * @param weights the file of the model's own weights
 */
export function adapterApplied(
  config: AdapterConfig,
  { label, replaced }: { readonly label: string; readonly replaced: number },
  weights: string
): string {
  const others =
    replaced === 0
      ? ''
      : `, of which ${replaced === 1 ? 'one tensor stands' : `${replaced} tensors stand`} in place of theirs`
  return `${label} beside these weights holds ${called(config)}, which is applied${others}; open ${weights} itself to read them without it.`
}

function called({ base, otherKind }: AdapterConfig): string {
  const name = `an adapter (${otherKind ?? 'LoRA'})`
  return base === null ? name : `${name} of ${printable(base)}`
}

import type { z } from 'zod'
import type { UnembeddingSpec } from '#common/model/spec.ts'
import type { ConfigReader } from './config-reader.ts'
import type { TensorTable } from './tensor-table.ts'

type Unembedding = z.input<typeof UnembeddingSpec>

/** The names of the two matrices over the vocabulary, and what a family says where config.json does not. */
export interface VocabularyNames {
  readonly embedding: string
  readonly unembedding: string
  readonly tied: boolean
}

/** The tensor that holds the embedding: of a tied pair the one that is stored. */
export function embeddingTensor(
  config: ConfigReader,
  tensors: TensorTable,
  { embedding, unembedding, tied }: VocabularyNames
): string {
  const isTied = config.boolean('tie_word_embeddings', tied)
  return isTied && !tensors.has(embedding) && tensors.has(unembedding) ? unembedding : embedding
}

/** Whether both matrices over the vocabulary are stored: the second is then what makes logits, whatever config.json says. */
export function hasOwnUnembedding(
  tensors: TensorTable,
  { embedding, unembedding }: Pick<VocabularyNames, 'embedding' | 'unembedding'>
): boolean {
  const [first, second] = [embedding, unembedding].map(name => tensors.get(name))
  if (first === undefined || second === undefined) return false
  return (first.name ?? embedding) !== (second.name ?? unembedding)
}

/**
 * The head of a language model; null where the file has none.
 * @param rest what else there is to the head; of a bias the tensor
 */
export function languageHead(
  config: ConfigReader,
  tensors: TensorTable,
  names: VocabularyNames,
  { bias = null, ...rest }: Partial<Unembedding> & { bias?: string | null } = {}
): Unembedding | null {
  const isTied = config.boolean('tie_word_embeddings', names.tied)
  if (isTied && !hasOwnUnembedding(tensors, names)) {
    const weight = embeddingTensor(config, tensors, names)
    const alias = weight === names.unembedding ? names.embedding : names.unembedding
    return { ...rest, output: { weight, bias }, alias }
  }
  if (taskOf(config) !== 'language' && !tensors.has(names.unembedding)) return null
  return { ...rest, output: { weight: names.unembedding, bias } }
}

/** What the first of `architectures` of config.json is for; `other` where that is a head that is not known. */
export type Task = 'language' | 'sequence' | 'token' | 'other'

/** The task that config.json says; null where it says none, as of a model that was saved without a head. */
export function taskOf(config: ConfigReader): Task | null {
  const architecture = architectureName(config) ?? ''
  const ending = Object.keys(tasks).find(ending => architecture.endsWith(ending))
  if (ending !== undefined) return tasks[ending as keyof typeof tasks]
  return /For[A-Z]|DoubleHeads|WithValueHead|RewardModel/.test(architecture) ? 'other' : null
}

/** The first of `architectures`; null where there is none. */
export function architectureName(config: ConfigReader): string | null {
  return config.texts('architectures')?.[0] ?? null
}

const tasks = {
  ForCausalLM: 'language',
  LMHeadModel: 'language',
  ForMaskedLM: 'language',
  // BERT's and ALBERT's masked tokens with a judge of sentences beside them.
  ForPreTraining: 'language',
  // Of text and images, as Gemma 3.
  ForConditionalGeneration: 'language',
  ForSequenceClassification: 'sequence',
  ForTokenClassification: 'token'
} as const

/** Tensors that are by their names a head's, but no language model's: `qa_outputs.weight`, `v_head.summary.weight`. */
export function otherHeads(tensors: TensorTable): string[] {
  return [...tensors.keys()].filter(name => otherHead.test(name))
}

const otherHead =
  /^(?!(?:\w+_)?lm_head\.)(?:\w+_)?(?:heads?|outputs|classifier|score|summary|regressor|reward)\./

/** A head that gives logits of labels, named by `id2label`; null where the file has none. */
export function labelHead(
  config: ConfigReader,
  tensors: TensorTable,
  output: { weight: string; bias: string | null },
  rest: Partial<Unembedding>
): Unembedding | null {
  const count = tensors.get(output.weight)?.shape[0] ?? 0
  if (count === 0) return null
  const labels = config.labels('id2label') ?? []
  const named = labels.length > 0 ? labels : Array.from({ length: count }, (_, i) => `LABEL_${i}`)
  return { ...rest, output, labels: named }
}

/**
 * The head of a decoder: of a language model, the `score` of the last token where it classifies texts, or
 * every token's labels; null where it has none that is known. The embedding is taken for a head only where no other
 * head is stored.
 */
export function decoderHead(
  config: ConfigReader,
  tensors: TensorTable,
  names: VocabularyNames,
  rest: Partial<Unembedding> & { bias?: string | null } = {}
): Unembedding | null {
  const task = taskOf(config)
  const { transform = null } = rest
  if (task === 'sequence')
    return labelHead(config, tensors, stored(tensors, 'score'), { from: 'last', transform })
  if (task === 'token') {
    const module = tensors.has('classifier.weight') ? 'classifier' : 'score'
    return labelHead(config, tensors, stored(tensors, module), { transform })
  }
  const isOther = !tensors.has(names.unembedding) && otherHeads(tensors).length > 0
  return task === 'other' || isOther ? null : languageHead(config, tensors, names, rest)
}

function stored(tensors: TensorTable, module: string): { weight: string; bias: string | null } {
  const bias = `${module}.bias`
  return { weight: `${module}.weight`, bias: tensors.has(bias) ? bias : null }
}

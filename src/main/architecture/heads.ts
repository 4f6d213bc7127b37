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
  if (config.boolean('tie_word_embeddings', names.tied)) {
    const weight = embeddingTensor(config, tensors, names)
    const alias = weight === names.unembedding ? names.embedding : names.unembedding
    return { ...rest, output: { weight, bias }, alias }
  }
  if (taskOf(config) !== 'language' && !tensors.has(names.unembedding)) return null
  return { ...rest, output: { weight: names.unembedding, bias } }
}

/** What `architectures` of config.json says the model is for; null where it says nothing known. */
export function taskOf(config: ConfigReader): 'language' | 'sequence' | 'token' | null {
  const [architecture = ''] = config.texts('architectures') ?? []
  const ending = Object.keys(tasks).find(ending => architecture.endsWith(ending))
  return ending === undefined ? null : tasks[ending as keyof typeof tasks]
}

const tasks = {
  ForCausalLM: 'language',
  LMHeadModel: 'language',
  ForMaskedLM: 'language',
  ForSequenceClassification: 'sequence',
  ForTokenClassification: 'token'
} as const

/** A head that gives logits of labels, named by `id2label`; null where the file has none. */
export function labelHead(
  config: ConfigReader,
  tensors: TensorTable,
  output: { weight: string; bias: string | null },
  rest: Partial<Unembedding>
): Unembedding | null {
  const count = tensors.get(output.weight)?.shape[0]
  if (count === undefined) return null
  const labels = config.labels('id2label') ?? Array.from({ length: count }, (_, i) => `LABEL_${i}`)
  return { ...rest, output, labels }
}

/** The head of a decoder: of a language model, or the `score` of the last token where it classifies. */
export function decoderHead(
  config: ConfigReader,
  tensors: TensorTable,
  names: VocabularyNames,
  rest: Partial<Unembedding> & { bias?: string | null } = {}
): Unembedding | null {
  if (taskOf(config) === 'sequence')
    return labelHead(config, tensors, { weight: 'score.weight', bias: null }, { from: 'last' })
  return languageHead(config, tensors, names, rest)
}

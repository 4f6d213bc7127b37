import type { z } from 'zod'
import type {
  Activation,
  BlockDescription,
  EmbeddingSpec,
  TransformerDescription,
  UnembeddingSpec
} from '#common/model/spec.ts'
import { activationNames } from '../activations.ts'
import type { ConfigReader } from '../config-reader.ts'
import { labelHead, languageHead, taskOf, type VocabularyNames } from '../heads.ts'
import { forBlocks, namedSpecs, type NamedSpecs } from '../named-specs.ts'
import type { TensorTable } from '../tensor-table.ts'

type Embedding = z.input<typeof EmbeddingSpec>
type Head = z.input<typeof UnembeddingSpec>

/**
 * What BERT and its relatives have in common: an embedding of tokens, positions and token types that is
 * normalised, blocks with norms after each half, and its names of tensors. The head is not among it.
 */
export function bertLike(
  config: ConfigReader,
  parts: NamedSpecs,
  embedding: Embedding,
  usual: BertWidths = bertWidths,
  modules: PostNormModules = bertModules
): TransformerDescription {
  refuseOtherPositions(config)
  const dModel = config.width('hidden_size', usual.dModel)
  const nHeads = config.width('num_attention_heads', usual.nHeads)
  const epsilon = config.notNegative('layer_norm_eps', 1e-12)
  const activation = config.choice('hidden_act', activationNames, 'gelu')
  const { offset = 0 } = embedding.positions?.kind === 'learned' ? embedding.positions : {}
  return {
    nHeads,
    nKeyValueHeads: nHeads,
    dModel,
    dHead: dModel / nHeads,
    dMlp: config.width('intermediate_size', usual.dMlp),
    dVocab: config.width('vocab_size', usual.dVocab),
    nCtx: config.width('max_position_embeddings', 512) - offset,
    causal: config.boolean('is_decoder', false),
    embedding,
    blocks: forBlocks(config.blocks('num_hidden_layers', 12), layer => {
      const within = `encoder.layer.${layer}`
      return postNormBlock(parts, within, { epsilon, activation }, modules)
    })
  }
}

/** Widths that config.json may leave out. */
type BertWidths = Readonly<Record<'dModel' | 'nHeads' | 'dMlp' | 'dVocab', number>>

export const bertWidths: BertWidths = { dModel: 768, nHeads: 12, dMlp: 3072, dVocab: 30522 }

/** The modules of a block by what they do, each by its name within the block. */
export interface PostNormModules {
  readonly query: string
  readonly key: string
  readonly value: string
  readonly attentionOutput: string
  readonly afterAttention: string
  readonly mlpInput: string
  readonly mlpOutput: string
  readonly afterMlp: string
}

const bertModules: PostNormModules = {
  query: 'attention.self.query',
  key: 'attention.self.key',
  value: 'attention.self.value',
  attentionOutput: 'attention.output.dense',
  afterAttention: 'attention.output.LayerNorm',
  mlpInput: 'intermediate.dense',
  mlpOutput: 'output.dense',
  afterMlp: 'output.LayerNorm'
}

/** A block that normalises the residual after its attention and after its MLP. */
export function postNormBlock(
  { linear, layerNorm }: NamedSpecs,
  within: string,
  { epsilon, activation }: { readonly epsilon: number; readonly activation: Activation },
  modules: PostNormModules
): BlockDescription {
  const named = (module: keyof PostNormModules) => `${within}.${modules[module]}`
  return {
    norms: {
      afterAttention: layerNorm(named('afterAttention'), epsilon),
      afterMlp: layerNorm(named('afterMlp'), epsilon)
    },
    attention: {
      projections: {
        layout: 'separate',
        query: linear(named('query')),
        key: linear(named('key')),
        value: linear(named('value'))
      },
      output: linear(named('attentionOutput'))
    },
    mlp: {
      kind: 'plain',
      input: linear(named('mlpInput')),
      output: linear(named('mlpOutput')),
      activation
    }
  }
}

/** BERT's embedding: of tokens, learned positions and token types, normalised. */
export function bertEmbedding(
  config: ConfigReader,
  { tensor, layerNorm }: NamedSpecs,
  tokens: string
): Embedding {
  return {
    tokens,
    positions: { kind: 'learned', table: tensor('embeddings.position_embeddings.weight') },
    tokenTypes: {
      table: tensor('embeddings.token_type_embeddings.weight'),
      count: config.width('type_vocab_size', 2)
    },
    norm: layerNorm('embeddings.LayerNorm', config.notNegative('layer_norm_eps', 1e-12))
  }
}

/** What an encoder's heads are made of, by the names of tensors. */
export interface EncoderHeads {
  readonly names: VocabularyNames
  /** Of masked tokens: what stands before the output, and the output's bias. */
  readonly masked: {
    readonly transform: NonNullable<Head['transform']>
    readonly bias: string | null
  }
  /** Of every token's label: what the token goes through, where anything. */
  readonly token?: Pick<Head, 'transform'>
  /** Of a text: what its first token goes through, and the output's module. */
  readonly sequence: Pick<Head, 'from' | 'transform'> & { readonly output: string }
}

/** The head an encoder has, as `architectures` and the tensors tell; null where it has none that is known. */
export function encoderHead(
  config: ConfigReader,
  tensors: TensorTable,
  { names, masked, token = {}, sequence: { output, ...sequence } }: EncoderHeads
): Head | null {
  const labels = (module: string, rest: Partial<Head>) =>
    labelHead(config, tensors, { weight: `${module}.weight`, bias: `${module}.bias` }, rest)
  const task = taskOf(config)
  if (task === 'sequence') return labels(output, { from: 'first', ...sequence })
  if (task === 'token') return labels('classifier', token)
  if (task === 'other') return null
  const { transform, bias } = masked
  return task === 'language' || tensors.has(transform.linear.weight)
    ? languageHead(config, tensors, names, { transform, bias })
    : null
}

/** The matrices of tokens as RoBERTa and MPNet name them. */
export function robertaNames({ tensor }: NamedSpecs): VocabularyNames {
  return {
    embedding: tensor('embeddings.word_embeddings.weight'),
    unembedding: 'lm_head.decoder.weight',
    tied: true
  }
}

/** The head as RoBERTa and MPNet have it. */
export function robertaHead(
  config: ConfigReader,
  tensors: TensorTable,
  names: VocabularyNames
): Head | null {
  const { linear, layerNorm } = namedSpecs(tensors, '')
  const epsilon = config.notNegative('layer_norm_eps', 1e-12)
  return encoderHead(config, tensors, {
    names,
    masked: {
      transform: {
        linear: linear('lm_head.dense'),
        activation: 'gelu',
        norm: layerNorm('lm_head.layer_norm', epsilon)
      },
      bias: storedName(tensors, 'lm_head.bias', 'lm_head.decoder.bias')
    },
    sequence: {
      transform: { linear: linear('classifier.dense'), activation: 'tanh' },
      output: 'classifier.out_proj'
    }
  })
}

/** The first of the names that a tensor has; the first where none has one. */
export function storedName(tensors: TensorTable, first: string, ...others: string[]): string {
  return [first, ...others].find(name => tensors.has(name)) ?? first
}

function refuseOtherPositions(config: ConfigReader): void {
  const kind = config.text('position_embedding_type') ?? 'absolute'
  if (kind !== 'absolute') throw config.unsupported('position_embedding_type')
}

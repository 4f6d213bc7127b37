import {
  layerMark,
  specOf,
  ModelDescription,
  type WrittenDescription
} from '#common/model/describe-file.ts'
import type { Answers, Question, Reading } from '#common/model/describe-reading.ts'
import { firstFault } from '#common/model/first-fault.ts'
import type { BlockDescription, TransformerSpec } from '#common/model/spec.ts'
import type { RawConfig } from '../config-reader.ts'
import { rolesOf } from '../roles.ts'
import type { TensorTable } from '../tensor-table.ts'
import { askingWith, type Asking } from './asking.ts'
import { dModelOf, readBlock, type BlockReading } from './block.ts'
import { repetitionIn, type Repetition } from './blocks.ts'
import { buffersOf, type Buffers } from './buffers.ts'
import { findEnds, type FoundEnds } from './ends.ts'
import { labelledTensors } from './labels.ts'
import { linearOf, storageCalled, storedAs } from './linear.ts'
import { across } from './modules.ts'
import { normOf } from './norms.ts'
import { positionsOf, withPositions } from './positions.ts'
import { statedAnswers } from './stated.ts'

export interface InferOptions {
  /** What the user answered, by the id of the question. */
  readonly answers?: Answers
  /** How many tokens the tokenizer has, where there is one. */
  readonly vocabulary?: number | null
  /** What files say of the model. */
  readonly fields?: RawConfig
}

/**
 * Reads a home-made transformer from the names and shapes of its tensors, and asks what they do not tell.
 */
export function inferDescription(tensors: TensorTable, options: InferOptions = {}): Reading {
  const { answers = {}, vocabulary = null, fields = {} } = options
  const asking = askingWith(answers, statedAnswers(fields))
  const buffers = buffersOf(tensors)
  const found = repetitionIn(buffers.weights)
  const written =
    found === null
      ? 'No blocks were found: no number in the names of the tensors counts layers'
      : describe(asking, found, buffers, vocabulary)
  const questions = inOrder(asking.questions)
  const { stated } = asking
  if (typeof written === 'string')
    return {
      description: null,
      questions,
      stated,
      assigned: [],
      unassigned: unassigned(tensors, new Set(), buffers, found),
      problems: [written]
    }
  const { description, spec, problems } = completed(written, tensors)
  const shapeOf = (name: string) => tensors.get(name.replace(layerMark, '0'))?.shape ?? null
  const used = new Set(spec === null ? [] : rolesOf(spec).map(({ tensor }) => tensor))
  return {
    description,
    questions,
    stated,
    assigned: labelledTensors(written, shapeOf),
    unassigned: unassigned(tensors, used, buffers, found),
    problems
  }
}

/** @returns what is missing, in words, when it is no transformer */
function describe(
  asking: Asking,
  found: Repetition,
  buffers: Buffers,
  vocabulary: number | null
): WrittenDescription | string {
  const dModel = dModelOf(found.blocks[0]!)
  if (dModel === null) return `${found.place}: the matrices of a block share no width`
  const ends = findEnds(asking, found.outside, dModel, vocabulary)
  if (ends.tokens === null)
    return `No token embedding was found: no table outside the blocks is ${dModel} wide`
  const around = {
    dModel,
    finalNorm: ends.finalNorm !== null,
    embeddingNorm: ends.embeddingNorm !== null,
    rotary: buffers.rotaryDims !== null
  }
  const readings: BlockReading[] = []
  for (const block of found.blocks) {
    const reading = readBlock(asking, block, around)
    if (typeof reading === 'string') return `${found.place}: ${reading}`
    readings.push(reading)
  }
  const [first] = readings as [BlockReading, ...BlockReading[]]
  const { nHeads, nKeyValueHeads, dHead, dMlp, norms, gated } = first
  const metaNames = [...found.blocks[0]!.keys()].some(name => /(^|\.)wq(\.|$)/.test(name))
  const positions = positionsOf(asking, ends.positions, buffers, gated, dHead, metaNames)
  const causal = asking.yes(
    {
      id: 'causal',
      label: 'Causal',
      help: buffers.causalMask
        ? 'Whether each token sees only those before it. The triangular mask beside the weights does not tell: models that see both ways keep one, too.'
        : 'Whether each token sees only those before it; no weight tells.',
      basis: 'open'
    },
    true
  )
  const scale = askEmbeddingScale(asking, dModel, buffers)
  const blocks = readings.map(({ block }) => ({
    ...block,
    attention: withPositions(block.attention, positions.attention)
  }))
  return {
    nHeads,
    nKeyValueHeads,
    dModel,
    dHead,
    dMlp,
    dVocab: ends.dVocab,
    nCtx: positions.nCtx,
    causal,
    embedding: {
      tokens: ends.tokens.weight!.name,
      ...(ends.storedTokens === 'token,width' ? {} : { stored: ends.storedTokens }),
      ...(scale === 1 ? {} : { scale }),
      ...(positions.embedding ? { positions: positions.embedding } : {}),
      ...(ends.tokenTypes === null ? {} : { tokenTypes: tokenTypes(ends) }),
      ...(ends.embeddingNorm === null ? {} : { norm: normOf(ends.embeddingNorm, norms) })
    },
    blocks: inBlocks(blocks, found),
    ...finalNormOf(ends, first),
    ...unembedding(asking, ends, dModel, first)
  }
}

function finalNormOf(
  { finalNorm }: FoundEnds,
  { norms, weightless }: BlockReading
): Pick<WrittenDescription, 'finalNorm'> {
  const norm = finalNorm === null ? weightless : normOf(finalNorm, norms)
  return norm === null ? {} : { finalNorm: norm }
}

function inBlocks(blocks: BlockDescription[], { count }: Repetition): WrittenDescription['blocks'] {
  return blocks.length === 1 && count > 0 ? { count, each: blocks[0]! } : blocks
}

function tokenTypes({ tokenTypes }: FoundEnds) {
  const { name, shape } = tokenTypes!.weight!
  return { table: name, count: shape[0]! }
}

function askEmbeddingScale(asking: Asking, dModel: number, buffers: Buffers): number {
  const plain = { value: 'one', text: 'As they are' } as const
  const root = {
    value: 'root',
    text: 'Times √d_model',
    note: Math.sqrt(dModel).toFixed(2)
  } as const
  // The tutorials that keep a table of sines also scale what they add it to.
  const answer = asking.choice(
    {
      id: 'embeddingScale',
      label: 'Token embeddings',
      help: 'Some models multiply them before positions are added; no weight tells.',
      basis: 'assumed'
    },
    buffers.sinusoidRows === null ? [plain, root] : [root, plain]
  )
  return answer === 'root' ? Math.sqrt(dModel) : 1
}

function unembedding(
  asking: Asking,
  { tokens, storedTokens, dVocab, output, outputBias, transform }: FoundEnds,
  dModel: number,
  { stored, norms }: BlockReading
): Pick<WrittenDescription, 'unembedding'> {
  const { name } = tokens!.weight!
  const bias = outputBias === null ? {} : { bias: (outputBias.bias ?? outputBias.weight!).name }
  const before = transform && {
    transform: {
      linear: linearOf(transform.linear, 'out,in'),
      activation: askHeadActivation(asking),
      ...(transform.norm && { norm: normOf(transform.norm, norms) })
    }
  }
  if (output !== null) {
    const outputs = across(output.weight!, dModel)!
    const way = storedAs(output.weight!, dModel, outputs)
    if (way === null) return {}
    // A square matrix called W_U is what x is multiplied with, whatever the others are.
    const square = storageCalled([output]) ?? stored
    const linear = linearOf(output, way === 'square' ? square : way)
    const labels = outputs === dVocab ? {} : labelsOf(asking, outputs)
    return { unembedding: { ...labels, ...before, output: { ...bias, ...linear } } }
  }
  const tied = asking.choice(
    {
      id: 'tied',
      label: 'Unembedding',
      help: 'No matrix leads to the vocabulary, so the embedding may be used again.',
      basis: 'assumed'
    },
    [
      { value: 'tied', text: 'The embedding again' },
      { value: 'none', text: 'None', note: 'no predictions' }
    ]
  )
  if (tied === 'none') return {}
  const way = storedTokens === 'token,width' ? {} : { stored: 'in,out' as const }
  return { unembedding: { ...before, output: { weight: name, ...bias, ...way } } }
}

/** Logits of something else than tokens, and where they are read. */
function labelsOf(asking: Asking, count: number) {
  const from = asking.choice(
    {
      id: 'from',
      label: 'Logits',
      help: `There are ${count}, which is not the number of tokens, so they are of labels: no weight tells of which tokens.`,
      basis: 'assumed'
    },
    [
      { value: 'every', text: 'At every token' },
      { value: 'last', text: 'At the last token' },
      { value: 'first', text: 'At the first token' },
      { value: 'mean', text: 'Of the mean over tokens' }
    ]
  )
  return { from, labels: Array.from({ length: count }, (_, i) => String(i)) }
}

function askHeadActivation(asking: Asking) {
  return asking.choice(
    {
      id: 'headActivation',
      label: 'Activation of the head',
      help: 'The function after the matrix before the output.',
      basis: 'assumed'
    },
    [
      { value: 'gelu', text: 'GELU', note: 'BERT' },
      { value: 'relu', text: 'ReLU' },
      { value: 'tanh', text: 'Tanh' },
      { value: 'silu', text: 'SiLU' },
      { value: 'linear', text: 'None' }
    ]
  )
}

/** The description with its defaults, its spec, and what does not fit the tensors. */
function completed(written: WrittenDescription, tensors: TensorTable) {
  const parsed = ModelDescription.safeParse(written)
  if (!parsed.success)
    return { description: null, spec: null, problems: [firstFault(parsed.error)] }
  const { data: description } = parsed
  const problems: string[] = []
  let spec: TransformerSpec | null = null
  try {
    spec = specOf(description)
    problems.push(...misfits(spec, tensors))
  } catch (error) {
    problems.push(firstFault(error as Parameters<typeof firstFault>[0]))
  }
  return { description, spec, problems }
}

const mostProblems = 8

/** Tensors that a spec names and that are missing or of another shape, in words. */
function misfits(spec: TransformerSpec, tensors: TensorTable): string[] {
  const found = rolesOf(spec).flatMap(({ tensor, shape }) => {
    const has = tensors.get(tensor)?.shape
    const expected = `expected [${shape.join(', ')}]`
    if (has === undefined) return [`${tensor} is missing: ${expected}`]
    if (has.join() === shape.join()) return []
    return [`${tensor} has the shape [${has.join(', ')}]: ${expected}`]
  })
  const rest = found.length - mostProblems
  return rest > 0 ? [...found.slice(0, mostProblems), `and ${rest} more`] : found
}

/** Tensors left out, those of all blocks as one. */
function unassigned(
  tensors: TensorTable,
  used: ReadonlySet<string>,
  buffers: Buffers,
  found: Repetition | null
): Reading['unassigned'] {
  const before = found?.place.slice(0, -layerMark.length)
  const marked = (name: string) =>
    before !== undefined && name.startsWith(before)
      ? before + name.slice(before.length).replace(/^\d+/, layerMark)
      : name
  const left = new Map<string, Reading['unassigned'][number]>()
  for (const [name, { shape }] of tensors)
    if (!used.has(name))
      left.set(marked(name), {
        tensor: marked(name),
        shape: [...shape],
        note: buffers.notes.get(name) ?? null
      })
  return [...left.values()]
}

const questionOrder = ['heads', 'activation', 'causal', 'tokens', 'positions', 'normPlace', 'fused']

/** What matters most first. */
function inOrder(questions: readonly Question[]): Question[] {
  const rank = ({ id }: Question) => questionOrder.indexOf(id) + 1 || questionOrder.length + 1
  return [...questions].sort((a, b) => rank(a) - rank(b))
}

import type { TransformerDescription } from '#common/model/spec.ts'
import type { Asking, Option } from './asking.ts'
import type { Buffers } from './buffers.ts'
import type { Module } from './modules.ts'

type Embedding = TransformerDescription['embedding']
type WrittenAttention = TransformerDescription['blocks'][number]['attention']
type Kind =
  | 'learned'
  | 'none'
  | 'sinusoidal'
  | 'sinusoidal-sines-first'
  | 'rotary-halves'
  | 'rotary-adjacent'
  | 'alibi'

/** How a model knows where a token stands. */
export interface Positions {
  readonly embedding: Embedding['positions']
  readonly attention: WrittenAttention['positions']
  readonly nCtx: number
}

const options: readonly Option<Kind>[] = [
  { value: 'rotary-halves', text: 'Rotary, halves', note: 'Llama in transformers' },
  { value: 'rotary-adjacent', text: 'Rotary, neighbours', note: 'Llama by Meta, GPT-J' },
  { value: 'sinusoidal', text: 'Sinusoidal', note: 'sines and cosines in turns' },
  { value: 'sinusoidal-sines-first', text: 'Sinusoidal, sines first' },
  { value: 'alibi', text: 'ALiBi', note: 'linear biases' },
  { value: 'none', text: 'None' }
]

/** Asks how positions enter, where there is no table of them. */
export function positionsOf(
  asking: Asking,
  table: Module | null,
  buffers: Buffers,
  likeLlama: boolean,
  dHead: number,
  metaNames: boolean
): Positions {
  if (table !== null) {
    const { name } = table.weight!
    const nCtx = table.weight!.shape[0]!
    const at = asking.choice(
      {
        id: 'positionsAt',
        label: 'Positions are added',
        help: 'A table of positions is there; no weight tells what it is added to.',
        basis: 'assumed'
      },
      [
        { value: 'sum', text: 'To token embeddings' },
        { value: 'shortformer', text: 'To what queries and keys read', note: 'shortformer' }
      ]
    )
    return at === 'sum'
      ? { embedding: { kind: 'learned', table: name }, attention: null, nCtx }
      : { embedding: null, attention: { kind: 'shortformer', table: name }, nCtx }
  }
  const { rotaryDims, sinusoidRows, maskSize } = buffers
  const isRotary = asking.says.of('rotary') !== null && sinusoidRows === null
  const known = sinusoidRows !== null || rotaryDims !== null || isRotary
  const likeliest: Kind =
    sinusoidRows !== null
      ? 'sinusoidal'
      : rotaryDims !== null || likeLlama || isRotary
        ? metaNames
          ? 'rotary-adjacent'
          : 'rotary-halves'
        : 'sinusoidal'
  const kind = asking.choice(
    {
      id: 'positions',
      label: 'Positions',
      help: isRotary
        ? 'The file says rotary, and not which dimensions turn together.'
        : known
          ? 'A buffer beside the weights suggests it.'
          : 'There is no table of positions, so they are computed, or the model has none.',
      basis: known ? 'assumed' : 'open'
    },
    [
      ...options.filter(({ value }) => value === likeliest),
      ...options.filter(({ value }) => value !== likeliest)
    ].filter(({ value }) => !isRotary || value.startsWith('rotary'))
  )
  const nCtx = askContext(asking, sinusoidRows ?? maskSize)
  if (kind === 'sinusoidal' || kind === 'sinusoidal-sines-first') {
    const order = kind === 'sinusoidal' ? 'alternating' : 'sines-first'
    return { embedding: { kind: 'sinusoidal', order }, attention: null, nCtx }
  }
  if (kind === 'none' || kind === 'learned') return { embedding: null, attention: null, nCtx }
  if (kind === 'alibi') return { embedding: null, attention: { kind: 'alibi' }, nCtx }
  const pairs = kind === 'rotary-halves' ? 'halves' : 'adjacent'
  return { embedding: null, attention: askRotary(asking, pairs, dHead, rotaryDims), nCtx }
}

function askContext(asking: Asking, known: number | null): number {
  if (known !== null) return known
  return asking.number(
    {
      id: 'nCtx',
      label: 'Longest text',
      help: 'In tokens; no tensor tells it.',
      basis: 'assumed'
    },
    2048,
    value => Number.isInteger(value) && value >= 1 && value <= 2 ** 24
  )
}

function askRotary(
  asking: Asking,
  pairs: 'halves' | 'adjacent',
  dHead: number,
  dims: number | null
) {
  const base = asking.number(
    {
      id: 'rotaryBase',
      label: 'Rotary base',
      help: 'theta: 10,000 in most models, 500,000 in Llama 3, 1,000,000 in Qwen.',
      basis: 'assumed'
    },
    10000,
    value => value > 1
  )
  const turning = asking.number(
    {
      id: 'rotaryDims',
      label: 'Rotary width',
      help: `Dimensions of a head that turn, of ${dHead}.`,
      basis: 'assumed'
    },
    Math.min(dims ?? dHead, dHead),
    value => Number.isInteger(value) && value >= 1 && Math.ceil(value / 2) * 2 <= dHead
  )
  return { kind: 'rotary' as const, pairs, base, dims: turning }
}

/** An attention layer with positions of its own. */
export function withPositions(
  attention: WrittenAttention,
  positions: WrittenAttention['positions']
): WrittenAttention {
  return positions ? { ...attention, positions } : attention
}

import type { z } from 'zod'
import { LamellaError } from '#common/model/errors.ts'
import type { LinearSpec, NormSpec } from '#common/model/spec.ts'
import type { ConfigReader } from '../config-reader.ts'
import type { TensorTable } from '../tensor-table.ts'

type Linear = z.input<typeof LinearSpec>
type Norm = z.input<typeof NormSpec>

interface Table {
  readonly name: string
  readonly shape: readonly number[]
}

/** What the tensors of a model with TransformerLens's names tell of it. */
export interface LensTensors {
  readonly tensors: TensorTable
  readonly nLayers: number
  readonly nHeads: number
  readonly nKeyValueHeads: number
  readonly dModel: number
  readonly dHead: number
  /** 0 where there is no MLP. */
  readonly dMlp: number
  readonly dVocab: number
  readonly nCtx: number
  /** A HookedEncoder, as BERT is. */
  readonly isEncoder: boolean
  readonly isGated: boolean
  /** Whether norms have weights. */
  readonly hasNorms: boolean
  /** Whether matrices lie as [out, in]: so has the code that the names are from, which TransformerLens came after. */
  readonly turns: boolean
  readonly tokens: { readonly name: string; readonly stored: 'token,width' | 'width,token' }
  readonly unembedding: { readonly linear: Linear; readonly width: number } | null
  /** A table beside the tokens', whatever module it is in. */
  readonly table: (name: string) => Table | null
  /** W_Q, W_K or W_V of a layer's attention. */
  readonly intoHeads: (within: string, letter: 'Q' | 'K' | 'V') => Linear
  /** W_O; null where what heads give is added as it is. */
  readonly outOfHeads: (within: string) => Linear | null
  /** A matrix of an MLP; null where there is none. */
  readonly linear: (within: string, name: string, inputs: number) => Linear | null
  /** A norm with weights; null where it has none. @param kind by its shift where it is null */
  readonly norm: (name: string, epsilon: number, kind?: Norm['kind'] | null) => Norm | null
}

/** Whether names are those of TransformerLens, whatever stands before them. */
export function hasLensNames(tensors: TensorTable): boolean {
  const names = [...tensors.keys()]
  return names.some(name => queryName.test(name)) && names.some(name => tokensName.test(name))
}

const queryName = /(^|\.)blocks\.0\.attn\.W_Q$/
const tokensName = /(^|\.)(embed|W_E)\.W_E$/

/** The most tokens of a text where nothing says. */
const usualContext = 2048

/** @throws LamellaError `unsupported` where the shapes are no transformer's, `file-invalid` where the config contradicts them */
export function lensTensors(config: ConfigReader, tensors: TensorTable): LensTensors {
  const shapeOf = (name: string) => tensors.get(name)?.shape ?? null
  const table = (name: string): Table | null => {
    for (const full of [name, `embed.${name}`]) {
      const shape = shapeOf(full)
      if (shape !== null) return { name: full, shape }
    }
    return null
  }
  const misfit = (name: string, expected: string) =>
    new LamellaError(
      'unsupported',
      `${name}: shape [${shapeOf(name)?.join(', ') ?? ''}], expected ${expected}`
    )

  const embedding = table('embed.W_E') ?? table('W_E.W_E') ?? { name: 'embed.W_E', shape: [] }
  const unembed = shapeOf('unembed.W_U')
  const first = 'blocks.0.attn.W_Q'
  const [nHeads = 0, ...ofHead] = shapeOf(first) ?? []
  const dModel = widthOf(config, {
    known: [
      table('pos_embed.W_pos')?.shape[1],
      shapeOf('ln_final.w')?.[0],
      shapeOf('blocks.0.ln1.w')?.[0],
      shapeOf('blocks.0.attn.b_O')?.[0]
    ],
    shared: [embedding.shape, unembed ?? [], ofHead]
  })
  if (ofHead.length !== 2 || !ofHead.includes(dModel))
    throw misfit(first, `[head, ${dModel}, d_head] or [head, d_head, ${dModel}]`)
  if (!embedding.shape.includes(dModel) || embedding.shape.length !== 2)
    throw misfit(embedding.name, `[d_vocab, ${dModel}]`)

  const mlpIn = shapeOf('blocks.0.mlp.W_in') ?? []
  // Most models with these names hold matrices as [in, out]; those that turn one turn all but the unembedding.
  const turns = [embedding.shape.toReversed(), ofHead, mlpIn].some(
    ([rows, columns]) => rows !== dModel && columns === dModel
  )
  /** Whether a matrix lies as [out, in], by where the one of its widths stands that it should have first. */
  const isTurned = (rows = 0, columns = 0, first = 0) => (rows === columns ? turns : rows !== first)
  const stored = (turned: boolean) => (turned ? 'out,in' : 'in,out')
  const [rows = 0, columns = 0] = embedding.shape
  const byToken = rows === columns ? !turns : columns === dModel
  const dVocab = byToken ? rows : columns
  const dHead = (ofHead[0] === dModel ? ofHead[1] : ofHead[0])!
  const dMlp = (mlpIn[0] === dModel ? mlpIn[1] : mlpIn[0]) ?? 0
  const nLayers = countOf(tensors)
  const isEncoder = tensors.has('embed.embed.W_E')

  const bias = (name: string) => (tensors.has(name) ? name : null)
  const keyHeads = (shapeOf('blocks.0.attn.W_K') ?? shapeOf('blocks.0.attn._W_K'))?.[0] ?? nHeads
  agree(config, { n_layers: nLayers, n_heads: nHeads, d_head: dHead, d_model: dModel })
  return {
    tensors,
    nLayers,
    nHeads,
    nKeyValueHeads: keyHeads,
    dModel,
    dHead,
    dMlp,
    dVocab,
    nCtx: contextOf(config, tensors, table('pos_embed.W_pos')),
    isEncoder,
    isGated: tensors.has('blocks.0.mlp.W_gate'),
    hasNorms: tensors.has('blocks.0.ln1.w') || tensors.has('ln_final.w'),
    turns,
    tokens: { name: embedding.name, stored: byToken ? 'token,width' : 'width,token' },
    unembedding: unembed && {
      linear: {
        weight: 'unembed.W_U',
        bias: bias('unembed.b_U'),
        stored: stored(unembed[0] !== dModel)
      },
      width: unembed[0] === dModel ? (unembed[1] ?? 0) : (unembed[0] ?? 0)
    },
    table,
    intoHeads(within, letter) {
      const name = [`W_${letter}`, `_W_${letter}`].find(name => tensors.has(`${within}.${name}`))
      const weight = `${within}.${name ?? `W_${letter}`}`
      const [, a, b] = shapeOf(weight) ?? []
      return {
        weight,
        bias: bias(weight.replace(/W_(?=.$)/, 'b_')),
        stored: isTurned(a, b, dModel) ? 'head,d_head,in' : 'head,in,d_head'
      }
    },
    outOfHeads(within) {
      const weight = `${within}.W_O`
      const shape = shapeOf(weight)
      if (shape === null) return null
      const written = { weight, bias: bias(`${within}.b_O`) }
      const [a, b, c] = shape
      if (shape.length === 2) return { ...written, stored: stored(isTurned(a, b, nHeads * dHead)) }
      return { ...written, stored: isTurned(b, c, dHead) ? 'head,out,d_head' : 'head,d_head,out' }
    },
    linear(within, name, inputs) {
      const weight = `${within}.W_${name}`
      const shape = shapeOf(weight)
      if (shape === null) return null
      const [a, b] = shape
      return { weight, bias: bias(`${within}.b_${name}`), stored: stored(isTurned(a, b, inputs)) }
    },
    norm(name, epsilon, kind = null) {
      const scale = `${name}.w`
      if (!tensors.has(scale)) return null
      const shift = bias(`${name}.b`)
      return { kind: kind ?? (shift === null ? 'rms' : 'layer'), scale, shift, epsilon }
    }
  }
}

/** The width of the residual stream: what the config says, what a tensor has alone, or what several share. */
function widthOf(
  config: ConfigReader,
  {
    known,
    shared
  }: {
    readonly known: readonly (number | undefined)[]
    readonly shared: readonly (readonly number[])[]
  }
): number {
  if (config.has('d_model')) return config.width('d_model')
  const told = known.find(width => width !== undefined)
  if (told !== undefined) return told
  const shapes = shared.filter(shape => shape.length > 0)
  const common = shapes[0]?.find(width => shapes.every(shape => shape.includes(width)))
  return common ?? config.width('d_model')
}

function countOf(tensors: TensorTable): number {
  let count = 0
  while (tensors.has(`blocks.${count}.attn.W_Q`)) count++
  return count
}

/** By the table of positions, the mask of the first block, or the config. */
function contextOf(config: ConfigReader, tensors: TensorTable, positions: Table | null): number {
  const stated = config.width('n_ctx', tensors.get('blocks.0.attn.mask')?.shape[0] ?? usualContext)
  return positions?.shape[0] ?? stated
}

/** @throws LamellaError naming the field of the config that the tensors contradict */
function agree(config: ConfigReader, found: Readonly<Record<string, number>>): void {
  for (const [name, width] of Object.entries(found))
    // −1 stands for what the tensors say.
    if (config.has(name) && config.number(name, width) !== width && config.number(name, -1) !== -1)
      throw config.invalid(name, `${width}, as in the tensors`)
}

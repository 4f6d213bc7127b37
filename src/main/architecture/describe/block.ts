import type { BlockDescription } from '#common/model/spec.ts'
import { fusedHeads } from '../query-key-value.ts'
import { findAttention, type FoundAttention } from './attention.ts'
import type { Asking } from './asking.ts'
import { headsOf, type Heads } from './heads.ts'
import {
  linearOf,
  storageCalled,
  storedAs,
  usualStorage,
  type Stored,
  type WrittenLinear
} from './linear.ts'
import { findMlp, mlpStorage, type FoundMlp } from './mlp.ts'
import { matrices, modulesOf, vectors, type Module, type NamedParameters } from './modules.ts'
import { words } from './names.ts'
import { normOf, normStyle, placedNorms, weightlessStyle, type NormStyle } from './norms.ts'
import { askActivation, askFusedOrder, askGate, askScale } from './block-questions.ts'

/** What is known of a model besides its blocks, as far as it tells how to read them. */
export interface Surroundings {
  readonly dModel: number
  readonly finalNorm: boolean
  readonly embeddingNorm: boolean
  readonly rotary: boolean
}

/** One block, as it is read. */
export interface BlockReading extends Heads {
  readonly block: BlockDescription
  readonly dMlp: number
  /** The way its matrices lie. */
  readonly stored: Stored
  readonly norms: NormStyle
  /** Norms without weights; null where there are none such. */
  readonly weightless: NormStyle | null
  readonly gated: boolean
}

/**
 * The width of the residual stream: the axis that all matrices of a block share.
 * @returns null when they share none
 */
export function dModelOf(parameters: NamedParameters): number | null {
  const modules = modulesOf(parameters)
  const shapes = matrices(modules).map(({ weight }) => weight!.shape)
  const norms = modules.flatMap(({ weight }) => (weight?.shape.length === 1 ? weight.shape : []))
  const [first = []] = shapes
  const shared = first.filter(width => shapes.every(shape => shape.includes(width)))
  return shared.find(width => norms.includes(width)) ?? shared[0] ?? null
}

/**
 * Reads one block.
 * @returns what is missing, in words, when it is no transformer's
 */
export function readBlock(
  asking: Asking,
  parameters: NamedParameters,
  around: Surroundings
): BlockReading | string {
  const { dModel } = around
  const modules = modulesOf(parameters)
  const attention = findAttention(modules, dModel)
  if (typeof attention === 'string') return attention
  const { inputs, output, queryWidth, keyWidth } = attention
  const own = ownMatrices(inputs)
  const usual = attentionStorage(attention, dModel)
  const rest = modules.filter(module => !own.includes(module) && module !== output)
  const mlp = findMlp(rest, dModel, usual)
  if (typeof mlp === 'string') return mlp
  const called = storageCalled(matrices(modules))
  const stored = (mlp && mlpStorage(mlp, dModel)) ?? usual ?? called ?? askStorage(asking)

  const headNorms = queryKeyNorms(modules, dModel)
  const heads = headsOf(asking, queryWidth, keyWidth, attention.dHead ?? headNorms?.width ?? null)
  const gated = mlp !== null && mlp.kind !== 'plain'
  const blockNorms = vectors(modules, dModel).filter(
    module => module !== headNorms?.query && module !== headNorms?.key
  )
  const weightless = blockNorms.length === 0 ? weightlessStyle(asking) : null
  const style =
    blockNorms.length === 0
      ? (weightless ?? plainNorms)
      : normStyle(asking, blockNorms, gated || around.rotary)
  const placed =
    weightless === null
      ? placedNorms(asking, blockNorms, style, { ...around, hasMlp: mlp !== null })
      : { norms: { attentionIn: weightless, ...(mlp && { mlpIn: weightless }) }, parallel: false }
  const written = (module: Module, into: number, out: number, leaves = false): WrittenLinear => {
    const way = storedAs(module.weight!, into, out, leaves)
    return linearOf(module, way === null || way === 'square' ? stored : way)
  }

  const block: BlockDescription = {
    ...(placed.parallel ? { parallel: true } : {}),
    norms: placed.norms,
    attention: {
      projections: projectionsOf(asking, inputs, heads, (module, width) =>
        written(module, dModel, width)
      ),
      output: output && written(output, queryWidth, dModel, true),
      ...askScale(asking, heads.dHead, dModel),
      ...(headNorms === null
        ? {}
        : {
            queryKeyNorm: {
              over: headNorms.width === null ? ('heads' as const) : ('head' as const),
              query: normOf(headNorms.query, style),
              key: normOf(headNorms.key, style)
            }
          })
    },
    mlp: mlp && mlpOf(asking, mlp, askActivation(asking, mlp), written, dModel)
  }
  return { ...heads, block, dMlp: mlp?.dMlp ?? 0, stored, norms: style, weightless, gated }
}

/** What a norm outside of blocks that have none is taken for. */
const plainNorms: NormStyle = { kind: 'layer', epsilon: 1e-5 }

type Projections = BlockDescription['attention']['projections']
type WriteInput = (module: Module, width: number) => WrittenLinear

function projectionsOf(
  asking: Asking,
  inputs: FoundAttention['inputs'],
  { nHeads, nKeyValueHeads, dHead }: Heads,
  write: WriteInput
): Projections {
  if (inputs.layout === 'fused') {
    const width = fusedHeads(nHeads, nKeyValueHeads) * dHead
    const layout = askFusedOrder(asking, inputs.matrix)
    return { layout, linear: write(inputs.matrix, width) }
  }
  if (inputs.layout === 'by-head') {
    const each = (of: readonly Module[]) => of.map(module => write(module, dHead))
    const { query, key, value } = inputs
    return { layout: 'by-head', query: each(query), key: each(key), value: each(value) }
  }
  return {
    layout: 'separate',
    query: write(inputs.query, nHeads * dHead),
    key: write(inputs.key, nKeyValueHeads * dHead),
    value: write(inputs.value, nKeyValueHeads * dHead),
    ...(inputs.bias === null ? {} : { bias: inputs.bias.name })
  }
}

function mlpOf(
  asking: Asking,
  mlp: FoundMlp,
  activation: ReturnType<typeof askActivation>,
  write: (module: Module, into: number, out: number) => WrittenLinear,
  dModel: number
): NonNullable<BlockDescription['mlp']> {
  const output = write(mlp.output, mlp.dMlp, dModel)
  const into = (module: Module) => write(module, dModel, mlp.dMlp)
  switch (mlp.kind) {
    case 'plain':
      return { kind: 'plain', input: into(mlp.input), output, activation }
    case 'gated': {
      const [gate, input] = askGate(asking, mlp)
      return { kind: 'gated', gate: into(gate), input: into(input), output, activation }
    }
    case 'gated-fused': {
      const gateAndInput = write(mlp.gateAndInput, dModel, 2 * mlp.dMlp)
      return { kind: 'gated-fused', gateAndInput, output, activation }
    }
  }
}

function attentionStorage(
  { inputs, output, queryWidth, keyWidth }: FoundAttention,
  dModel: number
) {
  if (inputs.layout === 'fused')
    return usualStorage([storedAs(inputs.matrix.weight!, dModel, fusedHeads(queryWidth, keyWidth))])
  if (inputs.layout === 'by-head')
    return usualStorage(
      inputs.query.map(({ weight }) => storedAs(weight!, dModel, queryWidth / inputs.query.length))
    )
  return usualStorage([
    storedAs(inputs.query.weight!, dModel, queryWidth),
    storedAs(inputs.key.weight!, dModel, keyWidth),
    output && storedAs(output.weight!, queryWidth, dModel, true)
  ])
}

function ownMatrices(inputs: FoundAttention['inputs']): Module[] {
  if (inputs.layout === 'fused') return [inputs.matrix]
  return [inputs.query, inputs.key, inputs.value].flat()
}

function askStorage(asking: Asking): 'out,in' | 'in,out' {
  return asking.choice(
    {
      id: 'stored',
      label: 'Axes of matrices',
      help: 'All matrices of a block are square, so shapes do not tell which axis comes in.',
      basis: 'assumed'
    },
    [
      { value: 'out,in', text: 'out, in', note: 'torch.nn.Linear' },
      { value: 'in,out', text: 'in, out', note: 'x · W' }
    ]
  )
}

/** Norms of queries and of keys, by their names. */
function queryKeyNorms(modules: readonly Module[], dModel: number) {
  const called = (letter: string, word: string) =>
    modules.find(
      ({ path, weight }) =>
        weight?.shape.length === 1 &&
        new RegExp(
          `(^|_)((${letter}|${word})_?(norm|ln|layer_?norm|rms_?norm)|(norm|ln)_?(${letter}|${word}))$`
        ).test(words(path))
    )
  const query = called('q', 'query')
  const key = called('k', 'key')
  if (query === undefined || key === undefined) return null
  const width = query.weight!.shape[0]!
  return { query, key, width: width === dModel ? null : width }
}

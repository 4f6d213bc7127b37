import type { Edit } from '../../model/edit.ts'
import { blockHookName, parseHookName } from '../../model/hooks.ts'
import type { Tensor } from '../../model/tensor.ts'
import {
  nothing,
  type DirectPart,
  type ModelFacts,
  type Needs,
  type Taken,
  type Window
} from '../analysis.ts'
import { bySource } from '../direct-logit-attribution/by-source.ts'
import { maskGradients } from '../mask-gradients.ts'
import { widthsOf } from '../model-widths.ts'
import { partName, type NamedPart } from './part-name.ts'
import { strongestParts, type Part } from './strongest-parts.ts'
import { targetOf, type WhyPlace } from './why-place.ts'

/** What a difference of one prompt comes to; plain data. */
export interface PromptWhy {
  /** By name; of `head` [layer, head], of `attn_bias` and `mlp` [layer]. */
  readonly numbers: Readonly<Record<(typeof summands)[number] | 'difference', Float64Array>>
  readonly parts: readonly LookedAt[]
  readonly place: WhyPlace
  /** Of each token; its id where no text is known. */
  readonly keys: readonly string[]
}

/** A part that was looked at further. */
export interface LookedAt extends Part {
  readonly name: string
  readonly ablation: number
  readonly gradient: number
  /** Of a head what it gives by each token that it reads; null of others. */
  readonly reads: Float32Array | null
}

/** What a difference is the sum of. */
export const summands = [
  'embed',
  'pos_embed',
  'head',
  'attn_bias',
  'mlp',
  'ln_bias',
  'unembed_bias',
  'rest'
] as const

/** Which parts are looked at further. */
export interface Further {
  readonly top: number
  readonly neurons: number
  /** These instead; null for the strongest. */
  readonly named: readonly NamedPart[] | null
  readonly by: 'zero' | 'mean'
}

const partHooks = { head: 'attn.hook_z', MLP: 'hook_mlp_out', neuron: 'mlp.hook_post' } as const

/** What is asked of a run of a prompt, before its parts are known. */
export function promptNeeds(place: WhyPlace, model: ModelFacts): Needs {
  const hooks = Array.from({ length: widthsOf(model).nLayers }, (_, layer) =>
    Object.values(partHooks).map(hook => blockHookName(layer, hook))
  )
  return {
    ...nothing,
    direct: [place],
    gradient: {
      targets: [targetOf(place)],
      hooks: hooks.flat().filter(hook => model.hooks?.includes(hook) ?? true)
    }
  }
}

/** Takes the difference of one prompt apart, and has its parts ablated. */
export function promptWhy(window: Window, place: WhyPlace, model: ModelFacts, further: Further) {
  const { nLayers, nHeads } = widthsOf(model)
  const layers = Array.from({ length: nLayers }, (_, layer) => layer)
  let value = NaN
  let parts: Part[] | null = null
  const ablated: number[] = []
  const direct = new Map<string, ArrayLike<number>>()
  const read = new Map<string, Tensor>()
  const gradients = new Map<string, ArrayLike<number>>()
  const of = (part: DirectPart, layer: number | null) => direct.get(`${part} ${layer}`)!
  const single = (part: DirectPart) => of(part, null)[0]!

  function directOf({ kind, layer, index }: NamedPart): Part {
    const part = { head: 'head', MLP: 'mlp', neuron: 'neuron' } as const
    return { kind, layer, index, direct: of(part[kind], layer)[index ?? 0] ?? NaN }
  }
  const all = (kind: 'head' | 'neuron', layer: number) =>
    Array.from(of(kind, layer), (_, index) => directOf({ kind, layer, index }))

  function chosen(): Part[] {
    if (further.named !== null) return further.named.map(directOf)
    const heads = layers.flatMap(layer => all('head', layer))
    const mlps = layers.map(layer => directOf({ kind: 'MLP', layer, index: null }))
    const neurons = layers.flatMap(layer => strongestParts(all('neuron', layer), further.neurons))
    return [
      ...strongestParts([...heads, ...mlps], further.top),
      ...strongestParts(neurons, further.neurons)
    ]
  }

  function without({ kind, layer, index }: Part): Edit[] {
    const at = { head: { head: [index ?? 0] }, MLP: {}, neuron: { unit: [index ?? 0] } }[kind]
    const add = further.by === 'mean' ? 'mean' : null
    return [{ hook: blockHookName(layer, partHooks[kind]), at, scale: 0, add }]
  }

  function readsOf({ kind, layer, index }: Part): Float32Array | null {
    if (kind !== 'head') return null
    const count = window.ids.length
    const pattern = read.get(blockHookName(layer, 'attn.hook_pattern'))!
    const values = read.get(blockHookName(layer, 'attn.hook_v'))!
    const query = model.ofText ? 0 : place.position
    const all = bySource(pattern, values, of('by_z', layer), { target: 0, query })
    return all.slice(index! * count, (index! + 1) * count)
  }

  return {
    take(taken: Taken): void {
      if (taken.kind === 'direct') direct.set(`${taken.part} ${taken.layer}`, taken.data)
      if (taken.kind === 'hook') read.set(taken.hook, taken)
      if (taken.kind === 'target' && taken.place === null) value = taken.value
      if (taken.kind === 'target' && taken.place !== null) ablated[taken.place] = taken.value
      if (taken.kind === 'gradient') gradients.set(taken.hook, summed(taken))
    },

    /** What is needed of the parts; null once that has come. */
    more(): Needs | null {
      if (parts !== null) return null
      parts = chosen()
      const heads = parts.filter(({ kind }) => kind === 'head').map(({ layer }) => layer)
      return {
        ...nothing,
        hooks: [...new Set(heads)].flatMap(layer => [
          blockHookName(layer, 'attn.hook_v'),
          blockHookName(layer, 'attn.hook_pattern')
        ]),
        edited: parts.map(without),
        editedGradient: { targets: [targetOf(place)], hooks: [] }
      }
    },

    found(): PromptWhy {
      const head = Float64Array.from(layers.flatMap(layer => [...Array.from(of('head', layer))]))
      const mlp = Float64Array.from(layers, layer => of('mlp', layer)[0]!)
      const attn = layers.map(layer => of('attn', layer)[0]!)
      const ofLayer = (layer: number) => head.subarray(layer * nHeads, (layer + 1) * nHeads)
      const difference = single('logit')
      const [embed, positions, shift, bias] = (
        ['embed', 'pos_embed', 'norm_shift', 'unembed_bias'] as const
      ).map(single) as [number, number, number, number]
      const given = embed + positions + shift + bias + sum(attn) + sum(mlp)
      return {
        numbers: {
          difference: Float64Array.of(difference),
          embed: Float64Array.of(embed),
          pos_embed: Float64Array.of(positions),
          head,
          attn_bias: Float64Array.from(attn, (own, layer) => own - sum(ofLayer(layer))),
          mlp,
          ln_bias: Float64Array.of(shift),
          unembed_bias: Float64Array.of(bias),
          rest: Float64Array.of(difference - given)
        },
        parts: parts!.map((part, i) => ({
          ...part,
          name: partName(part),
          ablation: value - ablated[i]!,
          gradient:
            gradients.get(blockHookName(part.layer, partHooks[part.kind]))?.[part.index ?? 0] ??
            NaN,
          reads: readsOf(part)
        })),
        place,
        keys: [...window.ids].map((id, i) => window.texts?.[i] ?? `#${id}`)
      }
    }
  }
}

function sum(numbers: Iterable<number>): number {
  return [...numbers].reduce((all, one) => all + one, 0)
}

/** Σ value · gradient: of z by head, of post by neuron, of what an MLP gives in all. */
function summed({ hook, shape, value, data }: Extract<Taken, { kind: 'gradient' }>): Float64Array {
  const name = parseHookName(hook)!.hook
  if (name === 'attn.hook_z') return maskGradients(value, data, shape)
  const sums = new Float64Array(name === 'mlp.hook_post' ? shape[1]! : 1)
  for (let i = 0; i < data.length; i++) sums[i % sums.length]! += value[i]! * data[i]!
  return sums
}

import { z } from 'zod'
import { checkIndex } from '../model/check-index.ts'
import { LamellaError } from '../model/errors.ts'
import { bytesPerElement, elementCount, floatDTypes } from '../model/tensor.ts'
import { writeFloat32 } from '../model/to-float32.ts'
import {
  weightOwners,
  weightRoles,
  type WeightAddress,
  type WeightRole
} from '../model/weight-view.ts'
import type { ModelFacts, Needs, Taken } from './analysis.ts'
import { Layers, layersOf, widthsOf } from './model-widths.ts'

const roles = Object.keys(weightRoles) as [WeightRole, ...WeightRole[]]

/** The params by which an analysis is told what tensors it is of. */
export const chosenTensors = {
  /** Stored tensors by their names. All of floating-point numbers where neither these nor `roles` are given. */
  tensors: z.array(z.string().min(1)).min(1).max(100_000).nullable().default(null),
  /** Weights by what they do, such as W_Q, each as [in, out]; of a block or a head where there is one of each. */
  roles: z.array(z.enum(roles)).min(1).nullable().default(null),
  /** Layers of these weights, from 0; all when left out. */
  layers: Layers,
  /** Heads of these weights, from 0, of keys and values key/value heads; all when left out. */
  heads: z.array(z.int().min(0)).min(1).max(4096).nullable().default(null)
}
export type ChosenTensors = {
  readonly [P in keyof typeof chosenTensors]: z.infer<(typeof chosenTensors)[P]>
}

/** Which of a model's tensors an analysis is of. */
export type Choice = Pick<Needs, 'tensors' | 'weights'>

/**
 * What is to be read for a choice.
 * @param fits of the tensors that are not named: which are wanted
 * @throws LamellaError `invalid-argument` naming the tensor, layer or head that the model does not have
 */
export function choiceOf(
  { tensors, roles, layers, heads }: ChosenTensors,
  model: ModelFacts,
  fits: (tensor: ModelFacts['tensors'][number]) => boolean = () => true
): Choice {
  if (roles === null && (layers ?? heads) !== null)
    throw new LamellaError(
      'invalid-argument',
      `${layers === null ? 'heads' : 'layers'}: are of weights by role, and there are no roles`,
      'Set roles, too, such as ["W_in"], or name tensors.'
    )
  const weights = [...new Set(roles)].flatMap(role => addressesOf(role, model, layers, heads))
  if (tensors !== null) return { tensors: tensors.map(name => storedName(name, model)), weights }
  if (roles !== null) return { tensors: [], weights }
  const all = storedFloats(model).filter(fits)
  return { tensors: all.map(({ name }) => name), weights }
}

/** The tensors of floating-point numbers that are stored, not those that another one stands for. */
export function storedFloats({ tensors }: ModelFacts): ModelFacts['tensors'] {
  return tensors.filter(({ dtype, tiedTo }) => tiedTo === null && isFloat(dtype))
}

function isFloat(dtype: string): boolean {
  return (floatDTypes as readonly string[]).includes(dtype)
}

/**
 * The name by which a tensor is stored.
 * @throws LamellaError `invalid-argument` where there is none, or none of floating-point numbers
 */
export function storedName(name: string, { tensors }: ModelFacts): string {
  const found = tensors.find(tensor => tensor.name === name)
  if (found === undefined)
    throw new LamellaError(
      'invalid-argument',
      `tensors: ${name}: the model has no tensor of that name`,
      'lamella info lists them.'
    )
  if (!isFloat(found.dtype))
    throw new LamellaError(
      'invalid-argument',
      `tensors: ${name}: is of ${found.dtype}, not of floating-point numbers`
    )
  return found.tiedTo ?? name
}

function addressesOf(
  role: WeightRole,
  model: ModelFacts,
  layers: readonly number[] | null,
  heads: readonly number[] | null
): WeightAddress[] {
  const owner = weightOwners[role]
  if (owner === 'model') return [{ role, layer: null, head: null }]
  const own = layersOf(model, layers)
  // What experts add besides their neurons is weighed, and lies in no one row.
  const apart = (layer: number) => (role === 'b_out' ? model.mlps?.[layer]?.experts : undefined)
  if (owner === 'block')
    return own.flatMap((layer): WeightAddress[] => {
      const experts = apart(layer)
      if (experts === undefined) return [{ role, layer, head: null }]
      const all = [...Array(experts.count + (experts.shared > 0 ? 1 : 0)).keys()]
      return all.map(expert => ({ role, layer, head: null, expert }))
    })
  const { nHeads, nKeyValueHeads } = widthsOf(model)
  const count = owner === 'head' ? nHeads : nKeyValueHeads
  for (const head of heads ?? []) checkIndex('head', head, count, role)
  const places = heads === null ? Array(count).keys() : [...new Set(heads)].sort((a, b) => a - b)
  const all = [...places]
  return own.flatMap(layer => all.map(head => ({ role, layer, head })))
}

/** A tensor that has come whole, as float32. */
export interface WholeTensor {
  /** The name that it is stored by, or its role and place, such as `W_Q 0.3`. */
  readonly name: string
  readonly layer: number | null
  readonly head: number | null
  readonly shape: readonly number[]
  /** Row-major. */
  readonly data: Float32Array
}

/**
 * Puts tensors together of the pieces in which they come, one at a time.
 * @param add is given each once it is whole
 */
export function wholeTensors(
  model: ModelFacts,
  add: (tensor: WholeTensor) => void
): (taken: Taken) => void {
  let held: { readonly name: string; readonly data: Float32Array; filled: number } | null = null

  function begin(name: string, shape: readonly number[]) {
    try {
      return (held = { name, data: new Float32Array(elementCount(shape)), filled: 0 })
    } catch {
      throw new LamellaError(
        'unsupported',
        `${name}: its ${elementCount(shape)} numbers do not fit in memory`,
        'Look at others of its tensors, or at parts of it by role.'
      )
    }
  }

  return taken => {
    if (taken.kind === 'tensor') {
      const { names, dtype, shape, bytes } = taken
      const [name = ''] = names
      const own = held?.name === name && bytes.length > 0 ? held : begin(name, shape)
      writeFloat32(own.data, own.filled, bytes, dtype)
      own.filled += bytes.length / bytesPerElement[dtype]
      if (own.filled < own.data.length) return
      held = null
      const layer = model.tensors.find(tensor => tensor.name === name)?.layer ?? null
      add({ name, layer, head: null, shape, data: own.data })
    } else if (taken.kind === 'weight') {
      const { address, shape, start, data } = taken
      const name = weightName(address)
      const own = start === 0 ? begin(name, shape) : held!
      own.data.set(data, own.filled)
      own.filled += data.length
      if (own.filled < own.data.length) return
      held = null
      add({ name, layer: address.layer, head: address.head, shape, data: own.data })
    }
  }
}

/** A weight by its role and place, such as `W_Q 0.3`, `W_in 2` or `W_E`. */
export function weightName({ role, layer, head, expert }: WeightAddress): string {
  const place = [layer, head].filter(at => at !== null).join('.')
  const name = place === '' ? role : `${role} ${place}`
  return expert === undefined ? name : `${name} of expert ${expert}`
}

/** @throws LamellaError `invalid-argument` where no tensor came: the model has none of what was asked for */
export function checkAny(tensors: readonly unknown[], { name }: ModelFacts): void {
  if (tensors.length > 0) return
  throw new LamellaError(
    'invalid-argument',
    `${name}: has no tensor of those that were asked for`,
    'lamella info lists its tensors.'
  )
}

import { affine } from '../../graph/expressions.ts'
import type { Dim, Graph, Value } from '../../graph/graph.ts'
import type { TensorTable } from '../tensor-table.ts'

/** A graph under construction and the tensors its weights come from. */
export interface Construction {
  readonly graph: Graph
  readonly tensors: TensorTable
  /** Whether `attn.hook_result`, each head's part of what attention gives, leaves the graph where nothing goes by way of it: it is large. */
  readonly results: boolean
  /** A float32 tensor handed over at every run. */
  input(name: string, shape: readonly Dim[]): Value
  /**
   * A point that a value flows through, and leaves the graph at.
   * @param settled what holds of the value whatever the edit
   * @returns what flows on
   */
  hook(name: string, value: Value, settled?: (changed: Value) => Value): Value
  /**
   * Whether what follows is computed from a hook's value: where that is changed, or a gradient asked towards it. Elsewhere it may be
   * computed in a shorter way.
   */
  flowsThrough(hook: string): boolean
  /** A hook whose value is handed over: an input under the hook's name, or its name before the edit. */
  entry(name: string, shape: readonly Dim[]): Value
}

export interface Flow {
  /** The hooks whose values are changed; none where it is left out. */
  readonly edited?: ReadonlySet<string>
  readonly results?: boolean
  /** The hooks that a gradient is asked towards; none where it is left out. */
  readonly differentiated?: ReadonlySet<string>
  /** What becomes of the values at hooks: they leave the graph where it is left out. */
  readonly leave?: (name: string, value: Value) => void
}

/**
 * A construction whose inputs are the graph's own.
 *
 * At an edited hook the value becomes scale · value + add, inputs `scaleOf(hook)` and `addOf(hook)`, of the value's
 * rank and each dimension 1 or as long as the value's: what is compiled for a set of edited hooks serves any values.
 * The value leaves the graph as `beforeEdit(hook)`, the edited one under the hook's own name. A scale of 1 and
 * an add of −0 change no bit.
 */
export function constructionOf(
  graph: Graph,
  tensors: TensorTable,
  {
    edited = new Set(),
    results = false,
    differentiated = new Set(),
    leave = (name, value) => graph.output(name, value)
  }: Flow = {}
): Construction {
  const input = (name: string, shape: readonly Dim[]) => graph.input(name, 'float32', shape)
  const factor = (name: string, like: Value) =>
    input(
      name,
      like.shape.map((_, axis) => `${name}.${axis}`)
    )
  const changed = (hook: string, value: Value, settled: (changed: Value) => Value) => {
    const flowing = settled(affine(value, factor(scaleOf(hook), value), factor(addOf(hook), value)))
    leave(hook, flowing)
    return flowing
  }
  return {
    graph,
    tensors,
    results,
    input,
    hook(name, value, settled = same) {
      if (edited.has(name)) {
        leave(beforeEdit(name), value)
        return changed(name, value, settled)
      }
      leave(name, value)
      return value
    },
    flowsThrough: hook => edited.has(hook) || differentiated.has(hook),
    entry: (name, shape) =>
      edited.has(name) ? changed(name, input(beforeEdit(name), shape), same) : input(name, shape)
  }
}

/** The output that an edited hook's value leaves as before the edit; of an entry the input. */
export function beforeEdit(hook: string): string {
  return `${hook}:before`
}

/** The input that an edited hook's value is multiplied with. */
export function scaleOf(hook: string): string {
  return `${hook}:scale`
}

/** The input that is added to an edited hook's value once it is scaled. */
export function addOf(hook: string): string {
  return `${hook}:add`
}

function same(value: Value): Value {
  return value
}

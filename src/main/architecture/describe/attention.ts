import { fusedHeads, keyValueOf } from '../query-key-value.ts'
import { isAttention, projectionCalled } from './attention-names.ts'
import { mlpSideCalled } from './mlp-names.ts'
import { across, inOrder, matrices, type Module, type Parameter } from './modules.ts'
import { words } from './names.ts'

/** The matrices of an attention layer. */
export interface FoundAttention {
  readonly inputs:
    | {
        readonly layout: 'separate'
        readonly query: Module
        readonly key: Module
        readonly value: Module
        /** One tensor with the biases of all three. */
        readonly bias: Parameter | null
      }
    | { readonly layout: 'fused'; readonly matrix: Module }
    | {
        /** A matrix for each head. */
        readonly layout: 'by-head'
        readonly query: readonly Module[]
        readonly key: readonly Module[]
        readonly value: readonly Module[]
      }
  /** Null where what the heads give is added as it is. */
  readonly output: Module | null
  /** n_heads · d_head */
  readonly queryWidth: number
  /** n_key_value_heads · d_head */
  readonly keyWidth: number
  /** Where heads are apart. */
  readonly dHead: number | null
}

/**
 * Finds queries, keys, values and the output among the modules of a block.
 * @returns what is missing, in words, when they are not all there
 */
export function findAttention(modules: readonly Module[], dModel: number): FoundAttention | string {
  const wide = matrices(modules).filter(({ weight }) => across(weight!, dModel) !== null)
  const allCalled = (name: string) => wide.filter(({ path }) => projectionCalled(path) === name)
  const called = (name: string) => allCalled(name)[0]
  const [queries, keys, values] = [allCalled('query'), allCalled('key'), allCalled('value')]
  const [[query], [key], [value]] = [queries, keys, values]
  if (query && key && value && queries.length > 1 && keys.length === values.length) {
    const dHead = across(query.weight!, dModel)!
    const own = [...queries, ...keys, ...values]
    const [queryWidth, keyWidth] = [queries.length * dHead, keys.length * dHead]
    const rest = wide.filter(module => !own.includes(module))
    const output = findOutput(rest, dModel, queryWidth)
    if (output === null && queryWidth !== dModel) return noOutput
    const inputs = {
      layout: 'by-head',
      query: inOrder(queries),
      key: inOrder(keys),
      value: inOrder(values)
    } as const
    return { inputs, output, queryWidth, keyWidth, dHead }
  }
  if (query && key && value) {
    const queryWidth = across(query.weight!, dModel)!
    const keyWidth = across(key.weight!, dModel)!
    if (across(value.weight!, dModel) !== keyWidth)
      return `${value.path}: another width than ${key.path}`
    const rest = wide.filter(module => ![query, key, value].includes(module))
    const output = findOutput(rest, dModel, queryWidth)
    if (output === null && queryWidth !== dModel) return noOutput
    const total = fusedHeads(queryWidth, keyWidth)
    const shared = modules.find(({ weight, bias }) => weight === null && bias?.shape[0] === total)
    const inputs = { layout: 'separate', query, key, value, bias: shared?.bias ?? null } as const
    const [, first, second] = query.weight!.shape
    const dHead = second === undefined ? null : first === dModel ? second : first!
    return { inputs, output, queryWidth, keyWidth, dHead }
  }
  const matrix = called('fused') ?? wide.find(({ weight }) => threeInOne(weight!, dModel))
  if (matrix === undefined) return 'no queries, keys and values of attention were found'
  const rest = wide.filter(module => module !== matrix)
  const total = across(matrix.weight!, dModel)!
  const isThree = threeInOne(matrix.weight!, dModel)
  const output = findOutput(rest, dModel, isThree ? dModel : null)
  if (output === null && !isThree) return noOutput
  const queryWidth = output === null ? dModel : across(output.weight!, dModel)!
  const keyWidth = keyValueOf(total, queryWidth)
  if (keyWidth <= 0 || !Number.isInteger(keyWidth))
    return `${matrix.path}: a width of ${total} does not hold queries of ${queryWidth}, keys and values`
  return { inputs: { layout: 'fused', matrix }, output, queryWidth, keyWidth, dHead: null }
}

const noOutput = 'no output matrix of attention was found'

/** @param width null where the names alone have to tell */
function findOutput(rest: readonly Module[], dModel: number, width: number | null): Module | null {
  const rank = ({ path }: Module) => {
    const named = projectionCalled(path) === 'output' || /(^|_)(w_?o|[oO]_proj)$/.test(words(path))
    const elsewhere = !isAttention(path) && mlpSideCalled(path) !== null && !named
    return (named ? 2 : 0) + (isAttention(path) ? 2 : 0) - (elsewhere ? 1 : 0)
  }
  const fitting = rest
    .filter(({ weight }) => width === null || across(weight!, dModel) === width)
    .sort((a, b) => rank(b) - rank(a))
  const [best] = fitting
  // A matrix that is the MLP's by its name is none of attention.
  const isOwn = best !== undefined && rank(best) >= (width === null ? 2 : 0)
  return isOwn ? best : null
}

function threeInOne({ shape }: Parameter, dModel: number): boolean {
  return across({ name: '', shape }, dModel) === fusedHeads(dModel, dModel)
}

import type { LamellaError } from '#common/model/errors.ts'
import { printable } from '../files/file-error.ts'
import type { PickleBytes } from './pickle-bytes.ts'
import {
  asKind,
  depthOf,
  fullName,
  type PickleContainer,
  type PickleDict,
  type PickleName,
  type PickleTuple,
  type PickleValue
} from './pickle-value.ts'

/** What a pickle may mention and what its calls stand for. */
export interface PicklePolicy {
  /** Why a name may not even be mentioned; null when it may. */
  readonly refusal: (name: PickleName) => string | null
  /** Why the id of something stored outside is wrong; null when it is right. */
  readonly refusalOfId: (id: PickleValue) => string | null
  /** The value that a call stands for, without making it; null when the call is not allowed. */
  readonly call: (callee: PickleName, args: PickleTuple) => PickleValue | null
}

// Bounds far above any real checkpoint, so that a small file cannot ask for endless memory.
const depthLimit = 1000
const containerLimit = 1_000_000
const slotLimit = 4_000_000

/** The stack, the marks and the memo of a pickle, and what instructions do to them. */
export class PickleMachine {
  readonly #bytes: PickleBytes
  readonly #policy: PicklePolicy
  readonly #stack: PickleValue[] = []
  /** Heights of the stack at each open MARK. */
  readonly #marks: number[] = []
  readonly #memo = new Map<number, PickleValue>()
  #containers = 0
  #slots = 0

  constructor(bytes: PickleBytes, policy: PicklePolicy) {
    this.#bytes = bytes
    this.#policy = policy
  }

  /** The only value left at the end. */
  result(): PickleValue {
    const value = this.pop()
    if (this.#stack.length > 0 || this.#marks.length > 0)
      throw this.error(`leaves ${this.#stack.length} values over at its end`)
    return value
  }

  error(cause: string): LamellaError {
    return this.#bytes.error(cause)
  }

  #tooDeep(): LamellaError {
    return this.error(`is nested deeper than ${depthLimit} levels`)
  }

  mark(): void {
    if (this.#marks.length === depthLimit) throw this.#tooDeep()
    this.#marks.push(this.#stack.length)
  }

  /** Drops the top, be it a value or a mark. */
  drop(): void {
    if (this.#marks.at(-1) === this.#stack.length) this.#marks.pop()
    else this.pop()
  }

  memoize(): void {
    this.remember(this.#memo.size)
  }

  list(items: PickleValue[]): PickleValue {
    return this.#made({ kind: 'list', items, depth: this.#depthOver(items) })
  }

  persistent(id: PickleValue): PickleValue {
    const refusal = this.#policy.refusalOfId(id)
    if (refusal !== null) throw this.error(refusal)
    return this.#made({ kind: 'persistent', id, depth: this.#depthOver([id]) })
  }

  push(value: PickleValue): void {
    this.#stack.push(value)
    if (this.#stack.length > slotLimit) throw this.error('needs an endless stack')
  }

  /** The value that lies `count` from the top, above the last MARK. */
  below(count: number): PickleValue {
    const place = this.#stack.length - 1 - count
    if (place < (this.#marks.at(-1) ?? 0))
      throw this.error(`takes a value that is not there at byte ${this.#bytes.position - 1}`)
    return this.#stack[place]!
  }

  top(): PickleValue {
    return this.below(0)
  }

  pop(): PickleValue {
    const value = this.top()
    this.#stack.pop()
    return value
  }

  popSome(count: number): PickleValue[] {
    this.below(count - 1)
    return this.#stack.splice(-count)
  }

  popMark(): PickleValue[] {
    const height = this.#marks.pop()
    if (height === undefined)
      throw this.error(`takes a mark that is not there at byte ${this.#bytes.position - 1}`)
    return this.#stack.splice(height)
  }

  remember(index: number): void {
    if (!Number.isSafeInteger(index) || index < 0) throw this.error('has a wrong memo index')
    this.#memo.set(index, this.top())
    if (this.#memo.size > slotLimit) throw this.error('needs an endless memo')
  }

  recall(index: number): PickleValue {
    const value = this.#memo.get(index)
    if (value === undefined) throw this.error(`recalls ${index}, which it has not stored`)
    return value
  }

  /** Counts a new container and the values put into it. */
  #made<T extends PickleContainer>(value: T): T {
    if (++this.#containers > containerLimit)
      throw this.error(`makes more than ${containerLimit} objects`)
    if (value.depth > depthLimit) throw this.#tooDeep()
    return value
  }

  #depthOver(items: readonly PickleValue[]): number {
    if ((this.#slots += items.length) > slotLimit)
      throw this.error(`holds more than ${slotLimit} values`)
    return items.reduce<number>((depth, item) => Math.max(depth, depthOf(item) + 1), 1)
  }

  #deepen(container: { depth: number }, items: readonly PickleValue[]): void {
    container.depth = Math.max(container.depth, this.#depthOver(items))
    if (container.depth > depthLimit) throw this.#tooDeep()
  }

  tuple(items: readonly PickleValue[]): PickleTuple {
    return this.#made({ kind: 'tuple', items, depth: this.#depthOver(items) })
  }

  plainDict(): PickleDict {
    return this.#made({ kind: 'dict', type: null, entries: new Map(), depth: 1 })
  }

  append(items: readonly PickleValue[]): void {
    const target = asKind(this.top(), 'list') ?? asKind(this.top(), 'instance')
    if (!target) throw this.error('appends to what is no list')
    this.#deepen(target, items)
    for (const item of items) target.items.push(item)
  }

  setItems(container: PickleValue, items: readonly PickleValue[]): void {
    const target = asKind(container, 'dict') ?? asKind(container, 'instance')
    if (!target) throw this.error('sets an item of what is no dict')
    if (items.length % 2 !== 0) throw this.error('sets an item without a value')
    this.#deepen(target, items)
    for (let at = 0; at < items.length; at += 2) {
      const key = items[at]!
      if (asKind(key, 'list') ?? asKind(key, 'dict'))
        throw this.error('has a dict key that is a list or a dict')
      target.entries.set(key, items[at + 1]!)
    }
  }

  mention(module: PickleValue, name: PickleValue): PickleName {
    if (typeof module !== 'string' || typeof name !== 'string')
      throw this.error('has a name that is no string')
    const mentioned: PickleName = { kind: 'name', module, name }
    const refusal = this.#policy.refusal(mentioned)
    if (refusal !== null) throw this.#bytes.refusal(refusal)
    return mentioned
  }

  call(callee: PickleValue, args: PickleValue): PickleValue {
    const name = asKind(callee, 'name')
    const tuple = asKind(args, 'tuple')
    if (!name) throw this.error('calls what is no name')
    if (!tuple) throw this.error('calls with arguments that are no tuple')
    const value = this.#policy.call(name, tuple)
    if (value === null)
      throw this.#bytes.refusal(
        `calls ${printable(fullName(name))}, which is not allowed in weights`
      )
    return depthOf(value) > 0 ? this.#made(value as PickleContainer) : value
  }

  instance(type: PickleValue, args: PickleValue): PickleValue {
    const name = asKind(type, 'name')
    const tuple = asKind(args, 'tuple')
    if (!name || !tuple) throw this.error('makes an object of no class')
    const depth = tuple.depth + 1
    const empty = { entries: new Map(), items: [], state: null }
    return this.#made({ kind: 'instance', type: name, args: tuple, ...empty, depth })
  }

  build(state: PickleValue): void {
    const target = this.top()
    const instance = asKind(target, 'instance')
    const dict = asKind(target, 'dict')
    const settable = instance ?? asKind(target, 'call') ?? (dict?.type ? dict : null)
    if (!settable) throw this.error('sets the state of what has none')
    if (dict && !asKind(state, 'dict')) throw this.error('sets a state that is no dict')
    this.#deepen(settable, [state])
    if (instance) instance.state = state
  }
}

import { invalidFile, quoted, unsupportedFile } from '../files/file-error.ts'
import { asKind, type PickleDict, type PickleValue } from './pickle-value.ts'
import { isTensor } from './torch-tensor.ts'

/** Where training scripts put the model inside a checkpoint, most telling first. */
const modelKeys = [
  'model_state_dict',
  'state_dict',
  'model_state',
  'model',
  'module',
  'net',
  'network',
  'weights',
  'params'
]

/** What a training keeps beside the model in a checkpoint, and is none. */
const trainingKeys =
  /^(optim|sched|lr_|scaler|amp|rng|cuda_rng|callbacks|loops|hyper_?param|hparams|config|cfg|args$)/i

/** The model's weights averaged over a training. */
const averageKeys = /^ema/i

const tensorLimit = 1_000_000

/** Visits to what has been visited before: lists of lists of one list make few bytes endless. */
const repeatLimit = 100_000

/** Characters of all names together: each of many tensors may lie below a long key. */
const namesLimit = 32_000_000

/** Values that are looked at for a tensor among them. */
const lookLimit = 100_000

/**
 * The model's tensors in what a PyTorch file holds: a state dict, a checkpoint with one under a usual
 * name, a whole module, or a lone tensor. Names of nested dicts are joined with dots.
 * @throws LamellaError when there is none
 */
export function modelTensors(label: string, root: PickleValue): Map<string, PickleValue> {
  const tensors = new Map<string, PickleValue>()
  collect(label, wayToModel(root).part, tensors)
  if (tensors.size === 0) {
    const type = asKind(root, 'instance')?.type
    throw type
      ? unsupportedFile(
          label,
          `holds an object of class ${quoted(`${type.module}.${type.name}`)} without tensors`
        )
      : invalidFile(label, 'holds no tensors')
  }
  return tensors
}

/** A container that is being walked through. */
interface Level {
  readonly members: IteratorObject<Member, undefined>
  readonly prefix: string
  readonly owner: PickleValue
  /** It, or one around it, has been walked through before. */
  readonly again: boolean
}

type Member = readonly [name: string, value: PickleValue]

/** From what the file holds to its model: the containers passed, with the key under which the next one lies in each. */
interface WayToModel {
  readonly part: PickleValue
  readonly passed: readonly { readonly members: PickleDict['entries']; readonly key: string }[]
}

/** Down to the value under a usual name, unless a dict holds tensors itself. */
function wayToModel(root: PickleValue): WayToModel {
  const passed: { members: PickleDict['entries']; key: string }[] = []
  let part = root
  for (let level = 0; level < 8; level++) {
    const members = entriesOf(part)
    if (members === null || [...members.values()].some(isTensor)) break
    const key = modelKeys.find(key => isContainer(members.get(key))) ?? onlyAverage(members)
    if (key === undefined) break
    passed.push({ members, key })
    part = members.get(key)!
  }
  return { part, passed }
}

/** The key of averaged weights, where there are no others. */
function onlyAverage(members: PickleDict['entries']): string | undefined {
  const states = statesIn(members)
  return states.length === 1 && averageKeys.test(states[0]!.name) ? states[0]!.name : undefined
}

/**
 * Under which keys a PyTorch file holds tensors beside its model that are not read: averaged weights, those of another epoch, another
 * network. What a training keeps for itself, such as the moments of its optimizer, is not among them.
 */
export function statesBeside(root: PickleValue): string[] {
  const { part, passed } = wayToModel(root)
  const others = passed.flatMap(({ members, key }) =>
    statesIn(members).filter(({ value }) => value !== members.get(key))
  )
  const averages = statesIn(entriesOf(part)).filter(({ name }) => averageKeys.test(name))
  return [...others, ...averages].map(({ name }) => name)
}

interface State {
  readonly name: string
  readonly value: PickleValue
}

/** Members that hold tensors, a training's own left out; among the first values that are looked at. */
function statesIn(members: PickleDict['entries'] | null): State[] {
  let looks = 0
  const holdsTensors = (root: PickleValue): boolean => {
    const seen = new Set([root])
    for (const value of seen) {
      if (isTensor(value)) return true
      for (const [, member] of membersOf(value, false) ?? []) {
        if (++looks > lookLimit) return false
        seen.add(member)
      }
    }
    return false
  }
  return [...(members ?? [])].flatMap(([key, value]): State[] => {
    if (typeof key !== 'string' || trainingKeys.test(key)) return []
    return isContainer(value) && holdsTensors(value) ? [{ name: key, value }] : []
  })
}

function entriesOf(value: PickleValue | undefined): PickleDict['entries'] | null {
  return (asKind(value, 'dict') ?? asKind(value, 'instance'))?.entries ?? null
}

function isContainer(value: PickleValue | undefined): boolean {
  return entriesOf(value) !== null
}

/** Walks without recursion, in order, and never into a container that it is inside of. */
function collect(label: string, root: PickleValue, tensors: Map<string, PickleValue>): void {
  const open: Level[] = []
  const inside = new Set<PickleValue>()
  const seen = new Set<PickleValue>()
  let visited = 0
  let repeats = 0
  let characters = 0
  const enter = (value: PickleValue, name: string, prefix: string): void => {
    if (tensors.size === tensorLimit || ++visited > tensorLimit * 4)
      throw invalidFile(label, `holds more than ${tensorLimit} tensors`)
    const isObject = typeof value === 'object' && value !== null
    const again = open.at(-1)?.again === true || (isObject && seen.has(value))
    if (again && ++repeats > repeatLimit)
      throw invalidFile(label, 'holds the same objects over and over')
    if (isObject) seen.add(value)
    if (isTensor(value)) {
      const key = name === '' ? 'tensor' : name
      if ((characters += key.length) > namesLimit)
        throw invalidFile(label, `names its tensors in more than ${namesLimit} characters`)
      if (tensors.has(key)) throw invalidFile(label, `holds two tensors ${quoted(key)}`)
      tensors.set(key, value)
      return
    }
    const members = membersOf(value, open.length === 0)
    if (members === null || inside.has(value)) return
    inside.add(value)
    open.push({ members, prefix, owner: value, again })
  }
  enter(root, '', '')
  for (let level; (level = open.at(-1)) !== undefined;) {
    const next = level.members.next()
    if (next.done) {
      inside.delete(level.owner)
      open.pop()
    } else {
      const [member, value] = next.value
      const name = level.prefix + member
      enter(value, name, `${name}.`)
    }
  }
}

/** What a container holds, by name; null for what is none. */
function membersOf(value: PickleValue, isRoot: boolean): IteratorObject<Member, undefined> | null {
  const list = asKind(value, 'list') ?? asKind(value, 'tuple')
  if (list) return list.items.map((item, at): Member => [String(at), item]).values()
  const instance = asKind(value, 'instance')
  const dict = asKind(value, 'dict')
  if (instance)
    return moduleMembers(asKind(instance.state, 'dict')) ?? namedEntries(instance, false)
  return dict && namedEntries(dict, isRoot)
}

/** Parameters, buffers and inner modules of a pickled torch.nn.Module; null for another object. */
function moduleMembers(state: PickleDict | null): IteratorObject<Member, undefined> | null {
  const parts = ['_parameters', '_buffers', '_modules'].map(part =>
    asKind(state?.entries.get(part), 'dict')
  )
  if (parts.every(part => part === null)) return null
  const passing = asKind(state?.entries.get('_non_persistent_buffers_set'), 'list')?.items ?? []
  return parts
    .flatMap(part => (part ? [...namedEntries(part, false)] : []))
    .filter(([name]) => !passing.includes(name))
    .values()
}

function* namedEntries(
  { entries }: Pick<PickleDict, 'entries'>,
  isRoot: boolean
): Generator<Member, undefined> {
  for (const [key, value] of entries) {
    if (typeof key !== 'string' && typeof key !== 'number') continue
    const name = String(key)
    if (isRoot && !isTensor(value) && (trainingKeys.test(name) || averageKeys.test(name))) continue
    yield [name, value]
  }
}

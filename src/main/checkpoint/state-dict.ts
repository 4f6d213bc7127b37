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

/** What lies beside the model in a checkpoint and is none of it. */
const otherKeys =
  /^(optim|sched|lr_|scaler|amp|rng|cuda_rng|callbacks|loops|hyper_?param|hparams|config|cfg|args$|ema)/i

const tensorLimit = 1_000_000

/** Visits to what has been visited before: lists of lists of one list make few bytes endless. */
const repeatLimit = 100_000

/** Characters of all names together: each of many tensors may lie below a long key. */
const namesLimit = 32_000_000

/**
 * The model's tensors in what a PyTorch file holds: a state dict, a checkpoint with one under a usual
 * name, a whole module, or a lone tensor. Names of nested dicts are joined with dots.
 * @throws LamellaError when there is none
 */
export function modelTensors(label: string, root: PickleValue): Map<string, PickleValue> {
  const tensors = new Map<string, PickleValue>()
  collect(label, modelPart(root), tensors)
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
  readonly members: Iterator<Member, undefined>
  readonly prefix: string
  readonly owner: PickleValue
  /** It, or one around it, has been walked through before. */
  readonly again: boolean
}

type Member = readonly [name: string, value: PickleValue]

/** The value under a usual name, unless the dict holds tensors itself. */
function modelPart(root: PickleValue): PickleValue {
  let part = root
  for (let level = 0; level < 8; level++) {
    const dict = asKind(part, 'dict') ?? asKind(part, 'instance')
    if (dict === null || [...dict.entries.values()].some(isTensor)) return part
    const key = modelKeys.find(key => isContainer(dict.entries.get(key)))
    if (key === undefined) return part
    part = dict.entries.get(key)!
  }
  return part
}

function isContainer(value: PickleValue | undefined): boolean {
  return (asKind(value, 'dict') ?? asKind(value, 'instance')) !== null
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
function membersOf(value: PickleValue, isRoot: boolean): Iterator<Member, undefined> | null {
  const list = asKind(value, 'list') ?? asKind(value, 'tuple')
  if (list) return list.items.map((item, at): Member => [String(at), item]).values()
  const instance = asKind(value, 'instance')
  const dict = asKind(value, 'dict')
  if (instance)
    return moduleMembers(asKind(instance.state, 'dict')) ?? namedEntries(instance, false)
  return dict && namedEntries(dict, isRoot)
}

/** Parameters, buffers and inner modules of a pickled torch.nn.Module; null for another object. */
function moduleMembers(state: PickleDict | null): Iterator<Member, undefined> | null {
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
    if (isRoot && !isTensor(value) && otherKeys.test(name)) continue
    yield [name, value]
  }
}

import { printable } from '../files/file-error.ts'
import type { PicklePolicy } from './pickle-machine.ts'
import {
  asKind,
  depthOf,
  fullName,
  type PickleName,
  type PickleTuple,
  type PickleValue
} from './pickle-value.ts'
import { storageIdOf } from './torch-tensor.ts'

/**
 * Which names a PyTorch file may mention and call. Nothing is ever called either way; a name that no
 * checkpoint needs says that the file is after something else, so it is refused.
 */
export const torchPolicy: PicklePolicy = {
  refusal: name => {
    const full = fullName(name)
    if (meanings.has(full) || plainNames.has(full)) return null
    // A name may be a path too: `torch` with `os.system` is `os.system` once it is looked up.
    const path = name.name.split('.')
    const isRefused =
      machineModules.has(full.split('.', 1)[0]!) ||
      machinePackages.test(full) ||
      (path.length > 1 && path.some(step => machineModules.has(step)))
    return isRefused ? `names ${printable(full)}, which is not allowed in weights` : null
  },
  refusalOfId: id =>
    storageIdOf(id) === null ? 'has the id of something stored outside that is no storage' : null,
  call: (callee, args) => {
    const meaning = meanings.get(fullName(callee)) ?? (isMember(callee, args) ? record : null)
    return meaning === null ? null : meaning(callee, args)
  }
}

/**
 * Whether a call is how Python writes the member of an enum, `IntervalStrategy('steps')`: a class, and numbers or a word. Enums
 * are of any module.
 */
function isMember(callee: PickleName, { items }: PickleTuple): boolean {
  const [value, ...rest] = items
  const values = asKind(value, 'tuple')?.items ?? [value]
  return rest.length === 0 && isClass(callee) && values.every(isPlain)
}

function isPlain(value: PickleValue | undefined): boolean {
  if (typeof value === 'string') return /^[\w.+-]{0,100}$/.test(value)
  return ['number', 'bigint', 'boolean'].includes(typeof value)
}

/** Whether a name is written as a class is. */
function isClass({ name }: PickleName): boolean {
  return /(^|\.)[A-Z]\w*$/.test(name)
}

/** Values and classes of modules that are else refused, which are mentioned and do nothing. */
const plainNames = new Set([
  'builtins.Ellipsis',
  'builtins.NotImplemented',
  'distutils.version.LooseVersion',
  'distutils.version.StrictVersion',
  'setuptools._vendor.packaging.version.Version',
  'setuptools.extern.packaging.version.Version'
])

/** Modules of Python that reach the machine or run code. */
const machineModules = new Set(
  (
    'os posix nt posixpath ntpath sys subprocess shutil importlib pkgutil runpy builtins code codeop codecs ' +
    '_codecs pty ctypes _ctypes socket _socket ssl urllib http ftplib smtplib webbrowser pickle _pickle ' +
    'cPickle pickletools marshal dill cloudpickle joblib shelve inspect operator _operator functools ' +
    '_functools types tempfile glob io _io multiprocessing threading _thread concurrent asyncio signal gc ' +
    'ast dis site sysconfig platform zipimport zipfile tarfile pip setuptools distutils ensurepip venv ' +
    'timeit profile cProfile pdb bdb trace doctest unittest idlelib lib2to3 pydoc commands popen2 sqlite3 ' +
    'mmap fcntl atexit weakref linecache fileinput logging'
  ).split(' ')
)

/** Parts of other packages that do. */
const machinePackages =
  /^(torch\.(hub|package|utils\.cpp_extension|utils\._config_module|distributed|jit)|numpy\.(testing|f2py|distutils))\./

/** What a call stands for; null where it is of other arguments than harmless ones. */
type Meaning = (callee: PickleName, args: PickleTuple) => PickleValue | null

/** Kept as it is, to be understood or passed over by who reads the result. */
const record: Meaning = (callee, args) => ({ kind: 'call', callee, args, depth: args.depth + 1 })

const sequence: Meaning = (_, args) => {
  const [source] = args.items
  const items = asKind(source, 'list')?.items ?? asKind(source, 'tuple')?.items ?? []
  return { kind: 'list', items: [...items], depth: args.depth + 1 }
}

const tuple: Meaning = (callee, args) => {
  const items = asKind(sequence(callee, args) ?? undefined, 'list')!.items
  return { kind: 'tuple', items, depth: args.depth + 1 }
}

/** A dict from nothing, from another one, or from pairs; a default factory before it is passed over. */
const dict: Meaning = (callee, args) => {
  const entries = new Map<PickleValue, PickleValue>()
  for (const source of args.items) {
    const given = asKind(source, 'dict')?.entries
    const pairs = (asKind(source, 'list') ?? asKind(source, 'tuple'))?.items ?? []
    for (const [key, value] of given ?? []) entries.set(key, value)
    for (const pair of pairs) {
      const [key, value] = (asKind(pair, 'list') ?? asKind(pair, 'tuple'))?.items ?? []
      if (key !== undefined && value !== undefined) entries.set(key, value)
    }
  }
  return { kind: 'dict', type: callee, entries, depth: args.depth + 1 }
}

/** An object made by its class's base, as protocols 0 and 1 write it. */
const reconstructed: Meaning = (callee, args) => {
  const type = asKind(args.items[0], 'name')
  return type === null ? record(callee, args) : instance(type, args)
}

/** An object whose attributes follow as its state. */
const instance: Meaning = (type, args) => ({
  kind: 'instance',
  type,
  args,
  entries: new Map(),
  items: [],
  state: null,
  depth: depthOf(args) + 1
})

/** A class within a class, or by some versions of Python the member of an enum: the name of both. No other attribute of anything. */
const within: Meaning = (_, args) => {
  const [owner, attribute, ...rest] = args.items
  const type = asKind(owner, 'name')
  const isPlain = typeof attribute === 'string' && /^[A-Za-z]\w*$/.test(attribute)
  if (type === null || !isClass(type) || !isPlain || rest.length > 0) return null
  const name = { ...type, name: `${type.name}.${attribute}` }
  return torchPolicy.refusal(name) === null ? name : null
}

/** A type of `typing` with others in brackets, such as `Dict[str, int]`; nothing else's item. */
const typeOfTypes: Meaning = (callee, args) =>
  asKind(args.items[0], 'name')?.module === 'typing' ? record(callee, args) : null

/** A class with arguments that it is to be made with, as settings of a training keep it; no function with any. */
const partial: Meaning = (callee, args) => {
  const [type, ...rest] = args.items
  const name = asKind(type, 'name')
  return name !== null && isClass(name) && rest.length === 0 ? record(callee, args) : null
}

const meanings = new Map<string, Meaning>([
  ...named('collections', 'OrderedDict defaultdict Counter', dict),
  ...named('collections', 'deque', sequence),
  ...named('builtins', 'dict', dict),
  ...named('builtins', 'list set frozenset', sequence),
  ...named('builtins', 'tuple', tuple),
  ...named('builtins', 'bytearray bytes complex slice range int float str bool object', record),
  ...named('copyreg', '_reconstructor', reconstructed),
  ...named('_codecs', 'encode', record),
  ...named('builtins', 'getattr', within),
  ...named('functools', 'partial', partial),
  ...named('random', 'Random', record),
  ...named('builtins', 'type', (callee, args) =>
    args.items[0] === null ? record(callee, args) : null
  ),
  ...named('_operator', 'getitem', typeOfTypes),
  ...named('argparse', 'Namespace', instance),
  ...named('types', 'SimpleNamespace', instance),
  ...named('datetime', 'datetime date time timedelta timezone', record),
  ...['pathlib', 'pathlib._local'].flatMap(module =>
    named(module, 'Path PosixPath WindowsPath PurePath PurePosixPath PureWindowsPath', record)
  ),
  ...named('decimal', 'Decimal', record),
  ...named('fractions', 'Fraction', record),
  ...named('uuid', 'UUID', record),
  ...named('re', '_compile', record),
  ...['packaging.version', 'pkg_resources.extern.packaging.version'].flatMap(module =>
    named(module, 'Version LegacyVersion _Version', record)
  ),
  ...named('torch.torch_version', 'TorchVersion', record),
  ...named('numpy.core.multiarray', '_reconstruct scalar', record),
  ...named('numpy.core.numeric', '_frombuffer', record),
  ...named('numpy', 'dtype ndarray', record),
  ...named(
    'numpy',
    'bool_ bool int8 int16 int32 int64 uint8 uint16 uint32 uint64 float16 float32 float64 str_ bytes_ datetime64',
    record
  ),
  ...named(
    'numpy.random._pickle',
    '__randomstate_ctor __generator_ctor __bit_generator_ctor',
    record
  ),
  ...named('numpy.random.bit_generator', '__pyx_unpickle_SeedSequence', record),
  ...named('pandas._libs.tslibs.timestamps', '_unpickle_timestamp', record),
  ...named('torch', 'Size', tuple),
  ...named('torch', 'device Tensor', record),
  ...named('torch.serialization', '_get_layout', record),
  ...named(
    'torch._utils',
    '_rebuild_tensor _rebuild_tensor_v2 _rebuild_tensor_v3 _rebuild_parameter _rebuild_parameter_with_state ' +
      '_rebuild_sparse_tensor _rebuild_qtensor _rebuild_meta_tensor_no_storage',
    record
  ),
  ...named('torch._tensor', '_rebuild_from_type_v2', record)
])

function named(module: string, names: string, meaning: Meaning): [string, Meaning][] {
  return names.split(' ').map(name => [`${module}.${name}`, meaning])
}

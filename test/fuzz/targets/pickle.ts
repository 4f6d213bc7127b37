import {
  call,
  dict,
  integer,
  mark,
  name,
  pickle as bytes,
  storage,
  string,
  tensor,
  tuple,
  uint32,
  uint64,
  whole
} from '../../bad/pickle.ts'
import { torchZip } from '../../bad/zip.ts'
import type { Target } from '../case.ts'
import { edgeNumbers, edgeTexts, mutated } from '../mutate.ts'
import type { Random } from '../random.ts'
import { readWeights } from '../read-weights.ts'

/** Pickles in the containers that PyTorch puts them in. */
export const pickle: Target = {
  make(random) {
    const content = random.oneIn(60) ? endless(random) : root(random)
    const broken = random.oneIn(4) ? mutated(random, content) : content
    return {
      files: { 'm.pth': random.oneIn(3) ? legacy(broken) : torchZip(broken) },
      open: 'm.pth'
    }
  },
  read: readWeights
}

function root(random: Random): Uint8Array {
  const entries = random.several(1, 4, () => [text(random), value(random, 2)] as const)
  return whole(dict(Object.fromEntries(entries)))
}

const names = [
  ...['collections OrderedDict', 'collections defaultdict', 'torch Size', 'torch device'],
  ...['torch FloatStorage', 'torch BFloat16Storage', 'torch._utils _rebuild_tensor_v2'],
  ...['torch._utils _rebuild_tensor_v3', 'torch._utils _rebuild_parameter', 'builtins set'],
  ...['torch._tensor _rebuild_from_type_v2', 'copyreg _reconstructor', '__builtin__ object'],
  ...['numpy.core.multiarray scalar', '_codecs encode', 'argparse Namespace', 'builtins tuple'],
  ...['torch.nn Linear', 'mine Class']
].map(both => both.split(' ') as [string, string])
const wrongNames: readonly [string, string][] = [
  ['os', 'system'],
  ['builtins', 'getattr'],
  ['torch', 'os.system'],
  ['', ''],
  ['constructor', '__proto__']
]

/** A value of any kind, made by instructions that mostly fit together. */
function value(random: Random, depth: number): Uint8Array {
  const inner = () => value(random, depth + 1)
  const many = () => random.several(0, 4, inner)
  if (random.oneIn(80)) return ill(random, inner)
  if (depth > 4 || random.oneIn(4)) return scalar(random)
  return random.pick<() => Uint8Array>([
    () => anyTensor(random),
    () => anyTensor(random),
    () => anyTensor(random),
    () => call(name('torch._utils', '_rebuild_parameter'), anyTensor(random), bytes(0x88), inner()),
    () => tuple(...many()),
    () => bytes(']', mark, ...many(), 'e'),
    () => bytes(0x8f, mark, ...many(), 0x90),
    () => dict(Object.fromEntries(random.several(0, 3, () => [text(random), inner()]))),
    () => call(anyName(random), ...many()),
    () => bytes(anyName(random), tuple(...many()), 0x81),
    () => bytes(anyName(random), tuple(...many()), dict({}), 0x92),
    () => bytes(anyName(random), ')', 0x81, moduleState(random, inner), 'b'),
    () => bytes(inner(), 'q', 0, '0h', 0)
  ])()
}

/** The state of a module: its parameters, buffers and inner modules. */
function moduleState(random: Random, inner: () => Uint8Array): Uint8Array {
  const part = () => dict(Object.fromEntries(random.several(0, 3, () => [text(random), inner()])))
  return dict({ _parameters: part(), _buffers: part(), _modules: part() })
}

/** Instructions that do not fit, or values that may not be there. */
function ill(random: Random, inner: () => Uint8Array): Uint8Array {
  return random.pick<() => Uint8Array>([
    () => bytes('}', mark, inner(), 'u'),
    () => bytes(mark, anyName(random), inner(), 'o'),
    () => bytes(inner(), inner(), 'b'),
    () => bytes('h', random.below(4)),
    () => bytes(inner(), '2', '0'),
    () => bytes(inner(), 'Q'),
    () => name(...random.pick(wrongNames)),
    () => bytes(string(text(random)), string(text(random)), 0x93),
    () => bytes(random.pick(['I', 'L', 'F', 'S', 'V']), random.pick(lines), '\n'),
    () => bytes(random.pick(['X', 'T', 'B']), uint32(random.pick([0, 9, 2 ** 32 - 1]))),
    () => bytes(0x8d, uint64(BigInt.asUintN(64, BigInt(random.pick(edgeNumbers))))),
    () => bytes(random.below(256))
  ])()
}

function scalar(random: Random): Uint8Array {
  return random.pick<() => Uint8Array>([
    () => bytes('N'),
    () => bytes(random.pick([0x88, 0x89])),
    () => integer(random.pick(edgeNumbers)),
    () => string(text(random)),
    () => bytes('G', random.bytes(8)),
    () => bytes(random.pick(['I12', 'L12L', "S'a\\x41'", 'F1.5', 'Va\\ud800']), '\n'),
    () => bytes(random.pick(['X', 'T', 'B']), uint32(8), random.bytes(8)),
    () => bytes(random.pick([0x8d, 0x8e, 0x96]), uint64(8n), random.bytes(8)),
    () => bytes(0x8a, 18, random.bytes(18))
  ])()
}

const lines = ['1', '-5', '01', '9'.repeat(2000), 'x', '1.5', 'inf', "'a\\x41'", "'", '\\ud800', '']

function anyName(random: Random): Uint8Array {
  return name(...random.pick(names))
}

function text(random: Random): string {
  return random.pick([...edgeTexts, ...usualKeys])
}

const usualKeys = [
  'model',
  'state_dict',
  'optimizer',
  'weight',
  '_parameters',
  '_modules',
  'module'
]

function anyTensor(random: Random): Uint8Array {
  const small = () => (random.oneIn(20) ? random.pick(edgeNumbers) : random.below(3))
  const shape = random.several(0, 3, small)
  const strides = random.oneIn(8) ? random.several(0, 3, small) : shape.map(small)
  const [type, length] = random.oneIn(20)
    ? [random.pick(['BoolStorage', 'UntypedStorage', 'X']), random.pick(edgeNumbers)]
    : random.pick(sixteenBytes)
  return tensor({
    shape,
    strides,
    offset: integer(random.oneIn(6) ? small() : 0),
    ...(!random.oneIn(3) && {
      storage: storage(random.oneIn(30) ? '../x' : '0', length, type)
    })
  })
}

const sixteenBytes: readonly [string, number][] = [
  ['FloatStorage', 4],
  ['FloatStorage', 4],
  ['HalfStorage', 8],
  ['LongStorage', 2],
  ['ByteStorage', 16]
]

/** Few bytes that would make much. */
function endless(random: Random): Uint8Array {
  const count = random.pick([1000, 100_000, 3_000_000])
  return random.pick<() => Uint8Array>([
    () => bytes(Buffer.alloc(count, 'N'), '.'),
    () => bytes(Buffer.alloc(count, '('), '.'),
    () => bytes(Buffer.alloc(count, ']'), Buffer.alloc(count - 1, 'a'), '.'),
    () => bytes(')', Buffer.alloc(count, 0x85), '.'),
    () => bytes('N', Buffer.alloc(count, '0]'), '.'),
    () => bytes('N', Buffer.alloc(count, 0x94), '.'),
    () => bytes(']', Buffer.alloc(count, '2'), mark, Buffer.alloc(count, '2'), 'e.'),
    () => bytes('}', Buffer.alloc(count, '22s'), '.'),
    () => bytes(string('x'.repeat(1000)), 'q', 0, Buffer.alloc(count, 'h\0'), 't.'),
    () =>
      whole(
        tensor(),
        'q',
        0,
        '0}',
        string('x'.repeat(count)),
        mark,
        Buffer.alloc(count, 'h\0'),
        'ls'
      ),
    // Each level holds the one below twice: little to store, endless to walk through.
    () => bytes(doubled(random.pick([20, 60, 400])), '.')
  ])()
}

/** A list that holds a list twice, which holds a list twice, … */
function doubled(levels: number): Uint8Array {
  const parts = [bytes(tensor(), 'q', 0, '0')]
  for (let level = 0; level < Math.min(levels, 250); level++)
    parts.push(bytes(']', mark, 'h', level, 'h', level, 'e', 'q', level + 1, '0'))
  return bytes(0x80, 2, ...parts, 'h', Math.min(levels, 250))
}

/** The format before PyTorch 1.6, around content that may be of any kind. */
function legacy(content: Uint8Array): Uint8Array {
  const magic = whole(0x8a, 10, Buffer.from('6cfc9c46f9206aa85019', 'hex'))
  const machine = whole('}', string('little_endian'), 0x88, 's')
  const keys = whole(']', string('0'), 'a')
  return bytes(magic, whole(integer(1001)), machine, content, keys, uint64(4n), new Uint8Array(16))
}

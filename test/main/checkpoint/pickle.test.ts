import { execSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { command, commandRan } from '../../bad/payload.ts'
import { name, pickle, string, tuple } from '../../bad/pickle.ts'
import { PickleBytes } from '../../../src/main/checkpoint/pickle-bytes.ts'
import { fullName, type PickleValue } from '../../../src/main/checkpoint/pickle-value.ts'
import { readPickle } from '../../../src/main/checkpoint/pickle.ts'
import { torchPolicy } from '../../../src/main/checkpoint/torch-names.ts'
import { outcome } from './temporary.ts'

const read = (bytes: Uint8Array) => readPickle(new PickleBytes(bytes, 'x.pth'), torchPolicy)

/** A value in JavaScript's own terms, a call as `[name, ...arguments]`. */
function plain(value: PickleValue): unknown {
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value
  switch (value.kind) {
    case 'dict':
      return new Map([...value.entries].map(([key, item]) => [plain(key), plain(item)]))
    case 'list':
    case 'tuple':
      return value.items.map(plain)
    case 'call':
      return [fullName(value.callee), ...value.args.items.map(plain)]
    default:
      return value.kind
  }
}

describe('a pickle', () => {
  const file = new URL('pickle-values.json', import.meta.url)
  const written = JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>

  it.each(Object.keys(written).map(Number))(
    'of protocol %i holds what Python wrote',
    async protocol => {
      const value = await read(Buffer.from(written[protocol]!, 'base64'))
      const bytes = new Uint8Array([0, 255])
      const encoded = ['_codecs.encode', '\0ÿ', 'latin1']
      const array =
        protocol === 5
          ? new Uint8Array([97, 98])
          : protocol >= 3
            ? ['builtins.bytearray', new Uint8Array([97, 98])]
            : ['builtins.bytearray', ['_codecs.encode', 'ab', 'latin1']]
      const expected: [string, unknown][] = [
        ['none', null],
        ['yes', true],
        ['no', false],
        ['int', 1],
        ['byte', 255],
        ['short', 65535],
        ['negative', -5],
        ['wide', 2 ** 40],
        ['big', 2n ** 70n],
        ['negativeBig', -(2n ** 70n)],
        ['float', 1.5],
        ['inf', -Infinity],
        ['text', 'é\n\\ "😀"'],
        ['long', 'x'.repeat(300)],
        ['bytes', protocol >= 3 ? bytes : encoded],
        ['bytearray', array],
        ['tuple', [1, [2], [], [1, 2], [1, 2, 3], [1, 2, 3, 4]]],
        ['list', [1, [2]]],
        ['dict', new Map([['a', new Map([[1, 2.5]])]])],
        ['set', [7]],
        ['frozen', [8]],
        ['shared', [[1], [1]]]
      ]
      const got = plain(value) as Map<string, unknown>
      for (const [key, item] of expected) expect(got.get(key), key).toEqual(item)
      expect(got.size).toBe(expected.length)
    }
  )

  it('of Python 2 strings is read', async () => {
    expect(await read(pickle("S'a\\'\\x41\\n\\101'\n."))).toBe("a'A\nA")
    expect(await read(pickle('U', 2, 'ab.'))).toBe('ab')
    expect(await read(pickle('T', 2, 0, 0, 0, 'ab.'))).toBe('ab')
    expect(await read(pickle('Vx\\u00e9\\U0001f600\n.'))).toBe('xé😀')
  })

  it('leaves other work its turn', async () => {
    let turns = 0
    const clock = setInterval(() => turns++, 1)
    await read(pickle('N', Buffer.alloc(20_000_000, '0N'), '.'))
    clearInterval(clock)
    expect(turns).toBeGreaterThan(3)
  })

  it.each<[string, Uint8Array, string]>([
    ['nothing', pickle(), 'ends in the middle of an instruction at byte 0'],
    ['no end', pickle('N'), 'ends in the middle of an instruction at byte 1'],
    ['no value', pickle('.'), 'takes a value that is not there at byte 0'],
    ['two values', pickle('NN.'), 'leaves 1 values over at its end'],
    ['an open mark', pickle('N(.'), 'takes a value that is not there at byte 2'],
    ['a wrong instruction', pickle('N', 0xff), 'has the unknown instruction 0xff at byte 1'],
    ['protocol 6', pickle(0x80, 6, 'N.'), 'is of protocol 6; 0 to 5 are known'],
    [
      'a string of 4 GiB',
      pickle('X\xff\xff\xff\xff'),
      'states 4294967295 bytes at byte 5, past its end'
    ],
    [
      'a string of 2^63',
      pickle(0x8d, Buffer.alloc(8, 0x80)),
      'states 9259542123273814000 bytes at byte 9, past its end'
    ],
    [
      'bytes of 2^60',
      pickle(0x8e, '\0\0\0\0\0\0\0\x10'),
      'states 1152921504606847000 bytes at byte 9, past its end'
    ],
    [
      'a frame past the end',
      pickle(0x95, 9, Buffer.alloc(7), '.'),
      'states Infinity bytes at byte 9, past its end'
    ],
    ['a number of 2 GB', pickle(0x8b, '\xff\xff\xff\x7f'), 'has a number of 2147483647 bytes'],
    ['a negative length', pickle(0x8b, '\xff\xff\xff\xff'), 'has a number of -1 bytes'],
    [
      'a number of many digits',
      pickle(`I${'9'.repeat(100_000)}\n.`),
      'has a line that is no whole number before byte 100002'
    ],
    ['a number in letters', pickle('Iabc\n.'), 'has a line that is no whole number before byte 5'],
    ['a float in letters', pickle('F0x1\n.'), 'has a line that is no number before byte 5'],
    ['an unquoted string', pickle('Sabc\n.'), 'has a line that is no quoted string before byte 5'],
    ['a line without end', pickle('Iabc'), 'ends in the middle of a line at byte 1'],
    [
      'marks 100,000 deep',
      pickle(Buffer.alloc(100_000, '('), '.'),
      'is nested deeper than 1000 levels'
    ],
    [
      'tuples 100,000 deep',
      pickle(')', Buffer.alloc(100_000, 0x85), '.'),
      'is nested deeper than 1000 levels'
    ],
    [
      'lists 100,000 deep',
      pickle(Buffer.alloc(100_000, ']'), Buffer.alloc(99_999, 'a'), '.'),
      'is nested deeper than 1000 levels'
    ],
    ['a stack of millions', pickle(Buffer.alloc(5_000_000, 'N'), '.'), 'needs an endless stack'],
    [
      'millions of lists',
      pickle('N', Buffer.alloc(10_000_000, '0]'), '.'),
      'makes more than 1000000 objects'
    ],
    [
      'millions of copies',
      pickle('](', Buffer.alloc(3_000_000, 'N'), 'e(', Buffer.alloc(3_000_000, 'N'), 'e.'),
      'holds more than 4000000 values'
    ],
    [
      'a memo of millions',
      pickle('N', Buffer.alloc(5_000_000, 0x94), '.'),
      'needs an endless memo'
    ],
    ['an unknown memo', pickle('h', 7, '.'), 'recalls 7, which it has not stored'],
    ['a negative memo', pickle('Np-1\n.'), 'has a wrong memo index'],
    ['an item of a number', pickle('K\x01NNs.'), 'sets an item of what is no dict'],
    ['an item of a list', pickle(']NNs.'), 'sets an item of what is no dict'],
    ['an item without value', pickle('}(Nu.'), 'sets an item without a value'],
    ['an item under a list', pickle('}]Ns.'), 'has a dict key that is a list or a dict'],
    ['an append to a dict', pickle('}Na.'), 'appends to what is no list'],
    ['a state of a number', pickle('K\x01}b.'), 'sets the state of what has none'],
    ['a state of a plain dict', pickle('}}b.'), 'sets the state of what has none'],
    [
      'a state that is no dict',
      pickle('ccollections\nOrderedDict\n)RNb.'),
      'sets a state that is no dict'
    ],
    ['a call of a string', pickle(string('id'), ')R.'), 'calls what is no name'],
    [
      'a call with a list',
      pickle('ccollections\nOrderedDict\n]R.'),
      'calls with arguments that are no tuple'
    ],
    ['an object of no class', pickle('(o.'), 'makes an object of no class'],
    ['an object of a string', pickle('(', string('id'), 'o.'), 'calls what is no name'],
    ['a name of numbers', pickle('K\x01K\x02', 0x93, '.'), 'has a name that is no string'],
    ['the extension registry', pickle(0x82, 1, '.'), 'uses the extension registry'],
    ['outside buffers', pickle(0x97, '.'), 'takes buffers from outside'],
    [
      'an id that is no storage',
      pickle(string('../../x'), 'Q.'),
      'has the id of something stored outside that is no storage'
    ],
    [
      'a textual id',
      pickle('P../../x\n.'),
      'has the id of something stored outside that is no storage'
    ]
  ])('with %s is refused', async (_, bytes, error) => {
    expect(await outcome(read(bytes))).toBe(`file-invalid: x.pth: the pickle ${error}`)
  })
})

describe('harmless calls, as Python writes them,', () => {
  const file = new URL('pickle-harmless.json', import.meta.url)
  const written = JSON.parse(readFileSync(file, 'utf8')) as Record<string, Record<string, string>>
  const cases = Object.entries(written).flatMap(([python, values]) =>
    Object.entries(values).map(([of, bytes]) => [python, of, bytes] as const)
  )

  it.each(cases)('are read of Python %s: %s', async (_, of, bytes) => {
    const value = await read(Buffer.from(bytes, 'base64'))
    expect(value, of).not.toBeNull()
  })

  it('stay symbols', async () => {
    const { path, enum: member } = written['3.13 protocol 2']!
    expect(plain(await read(Buffer.from(path!, 'base64')))).toEqual([
      'pathlib._local.PurePosixPath',
      '/a/b'
    ])
    expect(plain(await read(Buffer.from(member!, 'base64')))).toEqual([
      'mine.modes.Trainer.Mode',
      'steps'
    ])
  })
})

describe('what a pickle would run is refused by its name', () => {
  const argument = string(command)
  const words = pickle(argument, 0x85)
  const strings = (module: string, attribute: string) =>
    pickle(0x80, 4, string(module), string(attribute), 0x93)
  it('would be seen if it ran', () => {
    execSync(command)
    expect(commandRan()).toBe(true)
  })

  it.each<[string, Uint8Array, string]>([
    ['GLOBAL and REDUCE', pickle('cos\nsystem\n', words, 'R.'), 'names os.system'],
    ['posix', pickle('cposix\nsystem\n', words, 'R.'), 'names posix.system'],
    ['STACK_GLOBAL', pickle(strings('os', 'system'), words, 'R.'), 'names os.system'],
    ['INST', pickle('(', argument, 'ios\nsystem\n.'), 'names os.system'],
    ['OBJ', pickle('(cos\nsystem\n', argument, 'o.'), 'names os.system'],
    ['NEWOBJ', pickle('csubprocess\nPopen\n', words, 0x81, '.'), 'names subprocess.Popen'],
    ['a dotted name', pickle(strings('torch', 'os.system'), words, 'R.'), 'names torch.os.system'],
    ['only a mention', pickle('cos\nsystem\n.'), 'names os.system'],
    ['getattr', pickle('c__builtin__\ngetattr\n', words, 'R.'), 'calls builtins.getattr'],
    [
      'a method of a class',
      pickle('cbuiltins\ngetattr\n', tuple(name('mine', 'Shell'), string('__init__')), 'R.'),
      'calls builtins.getattr'
    ],
    [
      'a part of a call of a function',
      pickle('cfunctools\npartial\n', tuple(name('mine', 'run')), 'R.'),
      'calls functools.partial'
    ],
    [
      'a class with an argument that it is to be called with',
      pickle('cfunctools\npartial\n', tuple(name('mine', 'Run'), string('all')), 'R.'),
      'calls functools.partial'
    ],
    [
      'a part of a call of what runs code',
      pickle('cfunctools\npartial\n', tuple(name('os', 'system')), 'R.'),
      'names os.system'
    ],
    ['a class made anew', pickle('cbuiltins\ntype\n', words, 'R.'), 'calls builtins.type'],
    [
      'an item of what is no type',
      pickle('c_operator\ngetitem\n', tuple(name('mine', 'Registry'), string('run')), 'R.'),
      'calls _operator.getitem'
    ],
    ['a class with more than a word', pickle('cmine\nShell\n', words, 'R.'), 'calls mine.Shell'],
    ['eval', pickle('cbuiltins\neval\n', words, 'R.'), 'names builtins.eval'],
    [
      'importlib',
      pickle('cimportlib\nimport_module\n', words, 'R.'),
      'names importlib.import_module'
    ],
    ['pkgutil', pickle('cpkgutil\nresolve_name\n', words, 'R.'), 'names pkgutil.resolve_name'],
    ['operator', pickle('c_operator\nattrgetter\n', words, 'R.'), 'names _operator.attrgetter'],
    ['another pickle', pickle('cpickle\nloads\n', words, 'R.'), 'names pickle.loads'],
    ['a hub', pickle('ctorch.hub\nload\n', words, 'R.'), 'names torch.hub.load'],
    ['an unknown name', pickle('cmine\nrun\n', words, 'R.'), 'calls mine.run'],
    ['an unknown object', pickle('(cmine\nRun\n', argument, 'o.'), 'calls mine.Run'],
    [
      'names of objects',
      pickle('cconstructor\n__proto__\n', words, 'R.'),
      'calls constructor.__proto__'
    ],
    ['before a broken instruction', pickle('cos\nsystem\n', words, 'R', 0xff), 'names os.system']
  ])('%s', async (_, bytes, error) => {
    expect(await outcome(read(bytes))).toBe(
      `unsupported: x.pth: the pickle ${error}, which is not allowed in weights`
    )
    expect(commandRan()).toBe(false)
  })
})

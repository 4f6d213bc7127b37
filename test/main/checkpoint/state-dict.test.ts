import { describe, expect, it } from 'vitest'
import {
  call,
  dict,
  integer,
  name,
  pickle,
  string,
  tensor,
  tuple,
  whole
} from '../../bad/pickle.ts'
import { torchZip } from '../../bad/zip.ts'
import { openBytes, outcome } from './temporary.ts'

const namesOf = async (...parts: (string | number | Uint8Array)[]) => [
  ...(await openBytes(torchZip(whole(...parts)))).tensors.keys()
]

describe('the model in a checkpoint', () => {
  const t = tensor()
  const optimizer = dict({ state: dict({ '0': dict({ exp_avg: t }) }) })

  it('is found under the usual names, beside anything', async () => {
    for (const key of ['model', 'state_dict', 'model_state_dict', 'module', 'net'])
      expect(await namesOf(dict({ epoch: integer(3), optimizer, [key]: dict({ w: t }) }))).toEqual([
        'w'
      ])
    expect(await namesOf(dict({ model: dict({ state_dict: dict({ w: t }) }) }))).toEqual(['w'])
  })

  it('has beside it what a training says of it in numbers, texts, yes and no', async () => {
    const stated = async (...parts: Uint8Array[]) =>
      (await openBytes(torchZip(whole(...parts)))).stated
    const said = { n_layer: integer(3), name: string('mine'), inner: dict({}), t }
    const model = dict({ w: t })
    expect(await stated(dict({ model, model_args: dict(said) }))).toEqual({
      n_layer: 3,
      name: 'mine'
    })
    // model_args say it of the model, config of its training.
    const config = dict({ n_layer: integer(9) })
    expect(await stated(dict({ model, config, model_args: dict(said) }))).toMatchObject({
      n_layer: 3
    })
    const odd = await stated(
      dict({ model, args: dict({ ['__proto__']: integer(1), a: integer(2) }) })
    )
    expect(Object.keys(odd!)).toEqual(['__proto__', 'a'])
    expect(await stated(dict({ model, model_args: dict({}) }))).toBeUndefined()
    expect(await stated(t)).toBeUndefined()
  })

  it('has it also in objects, in parts of them and as symbols', async () => {
    const stated = async (config: Uint8Array) =>
      (await openBytes(torchZip(whole(dict({ model: dict({ w: t }), config }))))).stated
    const object = (state: Uint8Array) => pickle('cmine\nConfig\n)', 0x81, state, 'b')
    const mode = call(name('mine', 'Mode'), string('causal'))
    const path = call(name('pathlib', 'PosixPath'), string('data'), string('a.txt'))
    const dtype = pickle(name('torch', 'float32'))
    const args = dict({ n_layer: integer(3), mode, path, dtype })
    const expected = { n_layer: 3, mode: 'causal', path: 'data/a.txt', dtype: 'float32' }
    expect(await stated(object(args))).toEqual(expected)
    // What is said of the model itself comes before what is said of its training.
    const training = dict({ n_layer: integer(9), lr: integer(1), model: object(args) })
    expect(await stated(training)).toEqual({ ...expected, lr: 1 })
    // OmegaConf keeps each value in a node.
    const node = object(dict({ _metadata: dict({}), _val: integer(6) }))
    expect(await stated(object(dict({ _content: dict({ n_head: node }) })))).toEqual({ n_head: 6 })
    const state = pickle(
      'K',
      3,
      string('<'),
      'NNN',
      'J',
      Buffer.alloc(4, 255),
      'J',
      Buffer.alloc(4, 255),
      'K',
      0
    )
    const type = pickle(
      call(name('numpy', 'dtype'), string('i8'), pickle(0x89), pickle(0x88)),
      pickle('(', state, 't'),
      'b'
    )
    const eight = pickle('C', 8, 8, Buffer.alloc(7))
    const scalar = call(name('numpy._core.multiarray', 'scalar'), type, eight)
    expect(await stated(dict({ n_embd: scalar }))).toEqual({ n_embd: 8 })
  })

  it('is what is not the optimizer when no name is usual', async () => {
    expect(await namesOf(dict({ optimizer, mine: dict({ w: t, b: t }) }))).toEqual([
      'mine.w',
      'mine.b'
    ])
  })

  it('has other states beside it, which are told by their keys', async () => {
    const beside = async (root: Uint8Array) => (await openBytes(torchZip(whole(root)))).beside
    const model = dict({ w: t })
    const state = dict({ shadow: dict({ w: t }), decay: integer(1) })
    const told = { ema_state_dict: state, best: dict({ state_dict: model }), net: dict({ v: t }) }
    expect(await beside(dict({ epoch: integer(3), optimizer, model, ...told }))).toEqual(
      Object.keys(told)
    )
    // At whatever level the model is found, and where its tensors lie among the others.
    expect(await beside(dict({ model: dict({ state_dict: model, ema: state }) }))).toEqual(['ema'])
    expect(await beside(dict({ w: t, ema: state, optimizer }))).toEqual(['ema'])
    // No state of its own: what a training keeps, a lone tensor, numbers, and the model itself once more.
    const nothing = { optimizer, rng_state: t, log: dict({ loss: integer(1) }) }
    expect(await beside(dict({ model, ...nothing }))).toBeUndefined()
    expect(
      await beside(pickle('}(', string('model'), model, 'q\0', string('state_dict'), 'h\0', 'u'))
    ).toBeUndefined()
  })

  it('is found at once beside many keys over one long list', async () => {
    const long = pickle('](', Buffer.from('N'.repeat(50_000)), 'e')
    const keys = Array.from({ length: 20_000 }, (_, i) =>
      pickle(string(`k${i}`), '}', string('a'), 'h\0s')
    )
    const root = pickle(
      '}(',
      string('list'),
      long,
      'q\0',
      ...keys,
      string('model'),
      dict({ w: t }),
      'u'
    )
    expect((await openBytes(torchZip(whole(root)))).beside).toBeUndefined()
  })

  it('is what was averaged where nothing else is there', async () => {
    const averaged = dict({ ema: dict({ w: t }), optimizer })
    expect(await namesOf(averaged)).toEqual(['w'])
    expect((await openBytes(torchZip(whole(averaged)))).beside).toBeUndefined()
  })

  it('may be a lone tensor, a list, or tensors beside numbers', async () => {
    expect(await namesOf(t)).toEqual(['tensor'])
    expect(await namesOf(tuple(t, t))).toEqual(['0', '1'])
    expect(await namesOf(dict({ w: t, epoch: integer(1), model: dict({ v: t }) }))).toEqual([
      'w',
      'model.v'
    ])
  })

  it('may hold __proto__, and itself', async () => {
    expect(await namesOf(dict({ ['__proto__']: t, constructor: t }))).toEqual([
      '__proto__',
      'constructor'
    ])
    expect(await namesOf('}q\0(', string('w'), t, string('me'), 'h\0u')).toEqual(['w'])
  })

  it('stays readable when objects of unknown classes lie beside it', async () => {
    const thing = pickle('c__main__\nConfig\n)', 0x81, dict({ width: integer(8) }), 'b')
    expect(
      await namesOf(dict({ model: dict({ w: t }), config: thing, kind: name('mine', 'Thing') }))
    ).toEqual(['w'])
  })

  it.each<[string, Uint8Array, string]>([
    ['nothing', pickle('N'), 'file-invalid: m.pth: holds no tensors'],
    ['only numbers', dict({ a: integer(1) }), 'file-invalid: m.pth: holds no tensors'],
    [
      'an object of an unknown class',
      pickle('c__main__\nNet\n)', 0x81, dict({ a: integer(1) }), 'b'),
      'unsupported: m.pth: holds an object of class "__main__.Net" without tensors'
    ],
    [
      'one name twice',
      dict({ 'a.b': t, a: dict({ b: t }) }),
      'file-invalid: m.pth: holds two tensors "a.b"'
    ],
    [
      'dicts that double at each of 40 levels',
      pickle(
        dict({ w: t }),
        ...Array.from({ length: 40 }, (_, i) =>
          pickle('q', i, '0}(', string('a'), 'h', i, string('b'), 'h', i, 'u')
        )
      ),
      'file-invalid: m.pth: holds the same objects over and over'
    ],
    [
      'a long key over many tensors',
      pickle(t, 'q', 0, '0}', string('x'.repeat(100_000)), '(', Buffer.alloc(2000, 'h\0'), 'ls'),
      'file-invalid: m.pth: names its tensors in more than 32000000 characters'
    ]
  ])('of %s is refused', async (_, content, error) => {
    expect(await outcome(openBytes(torchZip(whole(content))))).toBe(error)
  })
})

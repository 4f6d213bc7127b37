import { describe, expect, it } from 'vitest'
import {
  dict,
  integer,
  name,
  pickle,
  storage,
  string,
  tensor,
  tuple,
  uint64,
  whole
} from '../../bad/pickle.ts'
import { command, commandRan } from '../../bad/payload.ts'
import { readFloat32 } from '../../../src/main/checkpoint/read.ts'
import { fourFloats, openBytes, outcome } from './temporary.ts'

describe('the format before PyTorch 1.6', () => {
  const magic = whole(0x8a, 10, Buffer.from('6cfc9c46f9206aa85019', 'hex'))
  const version = whole(integer(1001))
  const machine = (little: number) => whole('}', string('little_endian'), little, 's')
  const keys = (...all: string[]) => whole(']', ...all.flatMap(key => [string(key), 'a']))
  const content = whole(dict({ w: tensor() }))
  const payload = pickle('cos\nsystem\n', string(command), 0x85, 'R.')
  const stored = pickle(uint64(4n), fourFloats)
  const head = pickle(magic, version, machine(0x88))

  it('is read, and bits of a storage by view', async () => {
    const id = tuple(
      string('storage'),
      name('torch', 'FloatStorage'),
      string('0'),
      string('cpu'),
      integer(4),
      tuple(string('v'), integer(1), integer(2))
    )
    const view = tensor({ storage: pickle(id, 'Q'), shape: [2] })
    const all = dict({ w: tensor(), view })
    const { tensors } = await openBytes(pickle(head, whole(all), keys('0'), stored))
    expect(await readFloat32(tensors.get('w')!)).toEqual(new Float32Array([1, 2, 3, 4]))
    expect(await readFloat32(tensors.get('view')!)).toEqual(new Float32Array([2, 3]))
  })

  it('is read when its pickles are longer than what is read at first', async () => {
    const wide = dict({ note: string('x'.repeat(3_000_000)), w: tensor() })
    const { tensors } = await openBytes(pickle(head, whole(wide), keys('0'), stored))
    expect([...tensors.keys()]).toEqual(['w'])
  })

  const plain = 'unsupported: m.pth: is a pickle, but not one that torch.save wrote'
  it.each<[string, Uint8Array, string]>([
    ['any pickle', whole(integer(1)), plain],
    ['a pickle of protocol 0', pickle('I1\n.'), plain],
    [
      'another version',
      pickle(magic, whole(integer(1002))),
      'unsupported: m.pth: is of an unknown version of the format before PyTorch 1.6'
    ],
    [
      'a big-endian machine',
      pickle(magic, version, machine(0x89)),
      'unsupported: m.pth: is of a big-endian machine, which is not supported'
    ],
    [
      'pickles that break off',
      pickle(head, content.subarray(0, 50)),
      'file-invalid: m.pth: the pickle ends in the middle of an instruction at byte 97'
    ],
    [
      'no keys',
      pickle(head, content, whole('N'), stored),
      'file-invalid: m.pth: has no list of its storages'
    ],
    [
      'a key twice',
      pickle(head, content, keys('0', '0'), stored, stored),
      'file-invalid: m.pth: has no list of its storages'
    ],
    [
      'a key of no tensor',
      pickle(head, content, keys('0', '1'), stored, stored),
      'file-invalid: m.pth: the storage "1" belongs to no tensor'
    ],
    [
      'a key left out',
      pickle(head, content, keys()),
      'file-invalid: m.pth: tensor "w" has no storage "0" in the file'
    ],
    [
      'storages that break off',
      pickle(head, content, keys('0'), stored.subarray(0, 20)),
      'file-invalid: m.pth: the storage "0" goes past the end of the file'
    ],
    [
      'another length',
      pickle(head, content, keys('0'), uint64(28_000_000_000n), fourFloats),
      'file-invalid: m.pth: the storage "0" has 28000000000 elements, not 4 as its tensors say'
    ],
    [
      'a length of 2^60 tensors agree on',
      pickle(
        head,
        whole(dict({ w: tensor({ storage: storage('0', 2 ** 49) }) })),
        keys('0'),
        stored
      ),
      'file-invalid: m.pth: the storage "0" goes past the end of the file'
    ],
    [
      'bytes after the end',
      pickle(head, content, keys('0'), stored, 'x'),
      'file-invalid: m.pth: 1 bytes follow the last storage and belong to none'
    ],
    [
      'a payload after the end',
      pickle(head, content, keys('0'), stored, payload),
      `file-invalid: m.pth: ${payload.length} bytes follow the last storage and belong to none`
    ],
    [
      'a payload in place of the keys',
      pickle(head, content, payload, stored),
      'unsupported: m.pth: the pickle names os.system, which is not allowed in weights'
    ],
    [
      'two lengths of one storage',
      pickle(head, whole(dict({ a: tensor(), b: tensor({ storage: storage('0', 5) }) }))),
      'file-invalid: m.pth: the pickle states two lengths of one storage'
    ],
    ['too few bytes', pickle('ab'), 'file-invalid: m.pth: 2 bytes are too few for a PyTorch file'],
    ['text', pickle('hello there'), 'unsupported: m.pth: is neither a PyTorch file nor safetensors']
  ])('of %s is refused', async (_, file, error) => {
    expect(await outcome(openBytes(file))).toBe(error)
    expect(commandRan()).toBe(false)
  })
})

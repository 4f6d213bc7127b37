import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  symlinkSync,
  writeFileSync
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readHeadVis } from '../../../src/main/headvis/read-tree.ts'
import { inTreeFolder, treeWriter } from '../../../src/main/headvis/write-tree.ts'
import { outcome } from '../checkpoint/temporary.ts'

const sequence = {
  ...{ sequence_id: 7, interval: 2, tokens: ['To', ' be', '·'], seq_len: 3, max_activation: 0.8 },
  ...{ attention_indices: [0, 3, 7], attention_values: [1, 0.2, 0.8] }
}
const config = {
  ...{ model_name: 'a model', n_layers: 1, n_heads: 1, heads: [[0, 0]], n_intervals: 3 },
  metrics: ['induction_score'],
  has_umap: false
}
const rows = [{ layer: 0, head: 0, induction_score: 0.25 }]

/** A tree with some of its files as somebody else wrote them. */
function treeWith(own: Readonly<Record<string, unknown>> = {}): string {
  const folder = mkdtempSync(join(tmpdir(), 'lamella-headvis-'))
  mkdirSync(join(folder, 'heads'))
  const files = {
    'config.json': config,
    'scatter_data.json': rows,
    'heads/L0H0.json': { sequences: [sequence] },
    ...own
  }
  for (const [name, json] of Object.entries(files))
    if (json !== undefined)
      writeFileSync(join(folder, name), typeof json === 'string' ? json : JSON.stringify(json))
  return folder
}

const headWith = (own: object) =>
  treeWith({ 'heads/L0H0.json': { sequences: [{ ...sequence, ...own }] } })

async function read(folder: string) {
  const tree = await readHeadVis(folder)
  return tree.head(0, 0)
}

describe('a HeadVis tree', () => {
  it('is read with what is not spoken of left as it is', async () => {
    const tree = await readHeadVis(treeWith())
    expect(tree.rows).toEqual(rows)
    expect(tree.config['has_umap']).toBe(false)
    const { sequences, top_key_tokens } = await tree.head(0, 0)
    expect(sequences).toEqual([sequence])
    expect(top_key_tokens).toEqual([])
  })

  it.each<readonly [what: string, folder: () => string, error: string]>([
    [
      'without config.json',
      () => treeWith({ 'config.json': undefined }),
      'there is no config.json in it'
    ],
    [
      'that is no JSON',
      () => treeWith({ 'config.json': '{"model_name": ' }),
      'config.json: is not JSON ('
    ],
    [
      'of bytes that are no text',
      () => {
        const folder = treeWith()
        writeFileSync(join(folder, 'scatter_data.json'), Buffer.of(0x22, 0xff, 0x22))
        return folder
      },
      'scatter_data.json: is not JSON (its text cannot be read)'
    ],
    [
      'nested deeper than anything',
      () => treeWith({ 'heads/L0H0.json': '['.repeat(5_000_000) }),
      'L0H0.json: is not JSON ('
    ],
    [
      'without heads',
      () => treeWith({ 'config.json': { ...config, heads: undefined } }),
      'config.json: heads: expected a list, got nothing'
    ],
    [
      'whose heads have names that lead elsewhere',
      () => treeWith({ 'config.json': { ...config, head_data_pattern: '../../secret{head}' } }),
      'config.json: head_data_pattern is not the name of a file'
    ],
    [
      'with a row that is no number',
      () => treeWith({ 'scatter_data.json': [{ ...rows[0], induction_score: 'much' }] }),
      'scatter_data.json: 0.induction_score: expected'
    ],
    [
      'with more weights than places',
      () => headWith({ attention_values: [1] }),
      'L0H0.json: sequences.0.attention_values: 1 weights for 3 places'
    ],
    [
      'with places beyond the pattern',
      () => headWith({ attention_indices: [0, 3, 9] }),
      'L0H0.json: sequences.0.attention_indices: 9 lies beyond a pattern of 3 tokens'
    ],
    [
      'with more tokens than it says',
      () => headWith({ seq_len: 4 }),
      'L0H0.json: sequences.0.tokens: 3 tokens, and seq_len is 4'
    ],
    [
      'with an interval that there is not',
      () => headWith({ interval: 4 }),
      'L0H0.json: sequences.0.interval: 4 is beyond the 3 that config.json tells of'
    ],
    [
      'whose head is missing',
      () => treeWith({ 'heads/L0H0.json': undefined }),
      'L0H0.json: does not exist'
    ],
    [
      'whose head is a link that leads elsewhere',
      () => {
        const folder = treeWith({ 'heads/L0H0.json': undefined })
        symlinkSync('/etc/hostname', join(folder, 'heads/L0H0.json'))
        return folder
      },
      'leads outside'
    ],
    [
      'with a weight below 0',
      () => headWith({ attention_values: [1, -0.2, 0.8] }),
      'L0H0.json: sequences.0.attention_values.1: expected at least 0, got -0.2'
    ],
    [
      'with an interval before the first',
      () => headWith({ interval: 0 }),
      'L0H0.json: sequences.0.interval: expected at least 1, got 0'
    ],
    [
      'of numbers whose sums are none',
      () => headWith({ attention_values: [1e308, 1e308, 1e308] }),
      'L0H0.json: sequences.0.attention_values.0: expected at most 1e+100, got 1e+308'
    ],
    [
      'of a million rows that are none',
      () => treeWith({ 'scatter_data.json': `[${'0,'.repeat(999_999)}0]` }),
      'scatter_data.json: 0: expected an object'
    ],
    [
      'of a head with a number for everything',
      () =>
        treeWith({
          'scatter_data.json': `[{${Array.from({ length: 200_000 }, (_, i) => `"${i}":"x"`).join()}}]`
        }),
      'scatter_data.json: 0: expected an object with at most 1100 keys'
    ],
    [
      'of more values than any',
      () => treeWith({ 'heads/L0H0.json': `{"sequences":[${'[],'.repeat(4_200_000)}0]}` }),
      'L0H0.json: holds more than 4194304 values'
    ],
    [
      'of more names than any',
      () => treeWith({ 'heads/L0H0.json': `{"a":[${'{"":0},'.repeat(1_100_000)}0]}` }),
      'or 1048576 with names, which are the most'
    ],
    [
      'larger than any',
      () => treeWith({ 'scatter_data.json': `[${' '.repeat(2 ** 26)}]` }),
      'exceed the limit of 67108864 for such a file'
    ]
  ])('%s is refused', async (_, folder, error) => {
    expect(await outcome(read(folder()))).toContain(error)
  })

  it('has the files of heads where its pattern says, and folders of heads alone', async () => {
    const named = (head_data_pattern: string) => ({ ...config, head_data_pattern })
    const pattern = '{head}-{layer}-{head}-{layer}.json'
    const folder = treeWith({
      'config.json': { ...named(pattern), heads: [[2, 5]] },
      'heads/5-2-5-2.json': { sequences: [sequence] }
    })
    const tree = await readHeadVis(folder)
    expect((await tree.head(2, 5)).sequences).toEqual([sequence])
    const below = treeWith({ 'config.json': named('more/L{layer}.json') })
    expect(await outcome(read(below))).toContain('head_data_pattern is not the name of a file')
  })

  it('takes sequences of the first and the last interval', async () => {
    for (const interval of [1, 3])
      expect((await read(headWith({ interval }))).sequences[0]!.interval).toBe(interval)
  })

  it('says which heads there are', async () => {
    const tree = await readHeadVis(treeWith())
    await expect(tree.head(0, 1)).rejects.toThrow('there is no head 0.1')
  })
})

describe('writing a tree', () => {
  it('writes into a new folder or an empty one, and over nothing', async () => {
    const folder = join(mkdtempSync(join(tmpdir(), 'lamella-headvis-')), 'new/tree')
    const files = [
      { path: 'heads/L0H0.json', json: { sequences: [sequence] } },
      { path: 'scatter_data.json', json: rows },
      { path: 'config.json', json: config }
    ]
    const write = () => inTreeFolder(folder, () => treeWriter(folder).write(files))
    expect(await write()).toBe(3)
    expect((await read(folder)).sequences).toEqual([sequence])
    await expect(write()).rejects.toThrow('nothing is written over')
    expect((await read(folder)).sequences).toEqual([sequence])
    const empty = mkdtempSync(join(tmpdir(), 'lamella-headvis-'))
    expect(await inTreeFolder(empty, () => treeWriter(empty).write(files))).toBe(3)
  })

  it('leaves no folder of a file that could not be written, so that it can be tried again', async () => {
    const folder = join(mkdtempSync(join(tmpdir(), 'lamella-headvis-')), 'tree')
    const write = (name: string) =>
      inTreeFolder(folder, async () => {
        const writer = treeWriter(folder)
        const files = [{ path: `heads/${name}.json`, json: {} }]
        return writer.write(files).catch(async (error: unknown) => {
          await writer.undo()
          throw error
        })
      })
    await expect(write('n'.repeat(300))).rejects.toThrow('its name is too long')
    expect(existsSync(folder)).toBe(false)
    expect(await write('L0H0')).toBe(1)
  })

  it('takes what it wrote back, and nothing else', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'lamella-headvis-'))
    const writer = treeWriter(folder)
    await writer.write([
      { path: 'heads/L0H0.json', json: {} },
      { path: 'attributions/manifest.json', json: {} }
    ])
    await writer.write([{ path: 'config.json', json: config }])
    writeFileSync(join(folder, 'attributions/own.txt'), 'somebody else’s')
    await writer.undo()
    expect(readdirSync(folder, { recursive: true })).toEqual([
      'attributions',
      join('attributions', 'own.txt')
    ])
  })
})

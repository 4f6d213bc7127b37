import { deflateRawSync } from 'node:zlib'
import { Decoder } from '@msgpack/msgpack'
import { describe, expect, it, vi } from 'vitest'
import { encodeMessage } from '#common/contract/wire.ts'
import { axis, dataset } from '#common/data/dataset.ts'
import { attentionMap, type AttentionMapData } from '#common/figure/attention-map.ts'
import { drawingOf } from '#common/figure/drawing-of.ts'
import { drawing, drawingsInRow, type KeptDrawing } from '#common/figure/drawing.ts'
import { paperLook, type Look } from '#common/figure/look.ts'
import {
  packedContent,
  panelContent,
  readPanels,
  PanelContent,
  type ReadPanel
} from '#common/figure/panels/panel-content.ts'
import { scoreRow, type ScoreRowData } from '#common/figure/score-row.ts'
import { plainWish } from '#common/figure/presets.ts'
import type { FigureKind } from '#common/figure/figure-kind.ts'

const look: Look = {
  ...paperLook,
  ...{ colorMap: 'viridis', scale: 'sqrt', follows: true, pooling: 'mean' },
  range: { low: 0, high: 0.75 }
}
const token = (text: string) => ({ piece: text, text, special: false })
const map: AttentionMapData = {
  title: 'Head 0.1',
  ...{ quantity: 'weight', unit: null, firstHidden: false, mirrored: false, view: null },
  pattern: Float32Array.of(1, 0, 0.25, 0.75),
  tokens: [token('שלום'), token('b')],
  visibility: { causal: true, reach: null },
  marked: { queries: [], keys: [] },
  profiles: null
}
const row: ScoreRowData = {
  title: null,
  tokens: map.tokens,
  scores: [1.5, -Infinity],
  weights: [1, 0],
  ...{ logsumexp: 1.5, mirrored: false, selected: null, hovered: null }
}
/** Of each panel the letters of its title, or why it is not read. */
async function readOf(all: readonly string[], most: number): Promise<(number | string)[]> {
  const found: (number | string)[] = []
  for await (const [, read] of readPanels(all, new Map(), most))
    found.push('content' in read ? read.content.title.length : read.message)
  return found
}
const content = (drawing: KeptDrawing): PanelContent => ({
  title: 'a model · Head 0.1',
  drawing,
  left: [],
  numbers: dataset(
    { query: axis(['שלום', 'b']) },
    { entropy: { axes: ['query'], unit: 'bits', about: '', data: Float64Array.of(0, NaN) } }
  ),
  from: {
    version: '1.2.3',
    of: {
      ...{ model: 'a model', fingerprint: 'abc', input: { text: 'שלום b' }, provider: 'cpu' },
      ...{ edits: [{ hook: 'blocks.0.attn.hook_z', at: { head: [1] }, scale: 0, add: null }] },
      place: 'Head 0.1',
      ids: [4, 7],
      unknown: '"%", read as "?"'
    },
    ...{ less: null, precision: 'float16' },
    again: { view: 'attention', params: { layer: 0, head: 1 } }
  },
  made: { view: 'head', context: { on: 'A', with: null, options: { mode: 'map' } }, note: '' }
})

const deflated = (message: Uint8Array) => deflateRawSync(message).toString('base64')
/** A list of empty lists. @param count of them */
function listOf(count: number): Uint8Array {
  const message = new Uint8Array(5 + count).fill(0x90)
  message[0] = 0xdd
  new DataView(message.buffer).setUint32(1, count)
  return message
}

/** What a figure looks like once it was kept and read. */
async function kept<D extends { readonly title: string | null }>(kind: FigureKind<D>, data: D) {
  const packed = await packedContent(content(drawing(kind, data, look).kept()!))
  const read = await panelContent(packed)
  return drawingOf(read.drawing).draw(plainWish)
}

describe('what a panel is drawn of', () => {
  it('comes back as it was, with numbers that are none', async () => {
    const own = content(
      drawing(attentionMap, map, look, { width: 300, height: 200, ratio: 1 }).kept()!
    )
    expect(await panelContent(await packedContent(own))).toEqual(own)
  })

  it.each([
    [{ command: 'tokens', options: ['--against', 'gpt2'] }],
    [{ analysis: 'project', params: { set: 'W_in' } }],
    [{ none: 'it is of a corpus', params: { layer: 3, heads: [0, 1], scale: 'sqrt' } }],
    [{ none: 'it is a difference', params: { layer: 3 }, otherParams: { layer: 4 } }]
  ] as const)('comes back with what makes it again, or why nothing does: %j', async again => {
    const own = content(drawing(attentionMap, map, look).kept()!)
    const read = await panelContent(await packedContent({ ...own, from: { ...own.from!, again } }))
    expect(read.from!.again).toEqual(again)
  })

  it('is read without that, as earlier versions kept it', async () => {
    const own = content(drawing(attentionMap, map, look).kept()!)
    const { version, of, less, precision } = own.from!
    const earlier = { version, of, less, precision }
    const kept = { ...own, from: earlier as typeof own.from }
    const read = await panelContent(await packedContent(kept))
    expect(read.from).toMatchObject({ ...earlier, again: { none: expect.any(String) as string } })
  })

  it('is read without the params of what no command makes, as earlier versions kept it', async () => {
    const own = content(drawing(attentionMap, map, look).kept()!)
    const again = { none: 'it is of a corpus' }
    const kept = { ...own, from: { ...own.from!, again } } as typeof own
    const read = await panelContent(await packedContent(kept))
    expect(read.from!.again).toEqual({ ...again, params: {} })
  })

  it('is drawn as it was taken, also where it holds infinities', async () => {
    const drawn = drawing(attentionMap, map, look).draw(plainWish)
    expect(await kept(attentionMap, map)).toEqual(drawn)
    expect(await kept(scoreRow, row)).toEqual(drawing(scoreRow, row, look).draw(plainWish))
  })

  it('is both sides of a comparison', () => {
    const own = drawing(attentionMap, map, look)
    const both = drawingsInRow([own, own], ['one', 'other'])
    expect(drawingOf(both.kept()!).draw(plainWish)).toEqual(both.draw(plainWish))
  })

  it.each([
    ['', 'nothing'],
    ['%%%', 'no base64'],
    ['AAAA', 'no MessagePack that was deflated']
  ])('is refused in words where it is %s: %s', async packed => {
    await expect(panelContent(packed)).rejects.toThrow(
      'What this panel is drawn of cannot be read: it was cut off, or changed since it was kept'
    )
  })

  it('is refused where it is not what a panel is drawn of, with what of it', async () => {
    const own = content(drawing(attentionMap, map, look).kept()!)
    const away = { ...own, made: { ...own.made, note: 7 } }
    await expect(panelContent(deflated(encodeMessage(away)))).rejects.toThrow(
      'What this panel is drawn of cannot be read: made.note: expected a text, got 7'
    )
  })

  it('is not told as damaged where Lamella itself fails', async () => {
    const own = await packedContent(content(drawing(attentionMap, map, look).kept()!))
    const parsed = vi.spyOn(PanelContent, 'safeParse').mockImplementation(() => {
      throw new TypeError('a fault of Lamella')
    })
    await expect(panelContent(own)).rejects.toThrow(/^a fault of Lamella$/)
    parsed.mockRestore()
  })

  it('is not read beyond what a panel may take', async () => {
    const large = content(drawing(attentionMap, map, look).kept()!)
    const packed = await packedContent({ ...large, title: 'a'.repeat(2 ** 20) })
    expect(packed.length).toBeLessThan(2 ** 13)
    expect(await readOf([packed], 2 ** 20)).toEqual([
      'With the panels before it, this one takes more than a figure may'
    ])
    expect(await readOf([packed], 2 ** 21)).toEqual([2 ** 20])
  })

  it('is not read beyond what one panel may take, whatever is left', async () => {
    const large = content(drawing(attentionMap, map, look).kept()!)
    const packed = await packedContent({ ...large, title: 'a'.repeat(65 * 2 ** 20) })
    expect(await readOf([packed], 2 ** 30)).toEqual(['This panel takes more than one may'])
  })

  it.each([
    [
      '600 lists in one another',
      new Uint8Array(600).fill(0x91),
      'What this panel is drawn of is over 550 lists and objects deep'
    ],
    ['a list of 3 million empty ones', listOf(3_000_000), 'This panel takes more than one may']
  ])('is refused before anything is made of it: %s', async (_, message, why) => {
    const made = vi.spyOn(Decoder.prototype, 'decode')
    await expect(panelContent(deflated(message))).rejects.toThrow(why)
    expect(made).not.toHaveBeenCalled()
    made.mockRestore()
  })

  it('leaves to those after it what its values leave, however few bytes they have', async () => {
    const own = content(drawing(attentionMap, map, look).kept()!)
    const all = await Promise.all(
      ['a', 'b'].map(title =>
        packedContent({
          ...{ ...own, title },
          numbers: {
            ...own.numbers!,
            attributes: { lists: Array.from({ length: 50_000 }, () => []) }
          }
        })
      )
    )
    expect(await readOf(all, 2 ** 21)).toEqual([
      1,
      'With the panels before it, this one takes more than a figure may'
    ])
  })

  it('takes as much where it is known as where it is read', async () => {
    const own = content(drawing(attentionMap, map, look).kept()!)
    const large = { ...own, title: 'a'.repeat(2 ** 20) }
    const all = await Promise.all(
      ['a', 'b'].map(start => packedContent({ ...large, title: start + large.title }))
    )
    const known = new Map<string, ReadPanel>()
    for await (const [packed, read] of readPanels(all))
      if ('content' in read) known.set(packed, read)
    const refused: string[] = []
    for await (const [, read] of readPanels(all, known, 1.5 * 2 ** 20))
      if ('message' in read) refused.push(read.message)
    expect(refused).toEqual(['With the panels before it, this one takes more than a figure may'])
  })

  it('leaves to those after it what was read of it, also where it is refused', async () => {
    const own = content(drawing(attentionMap, map, look).kept()!)
    const [large, other] = await Promise.all(
      ['a', 'b'].map(letter => packedContent({ ...own, title: letter.repeat(2 ** 20) }))
    )
    const faulty = (letter: string) =>
      deflated(encodeMessage({ ...own, title: letter.repeat(2 ** 20), drawing: 7 }))
    const damaged = deflated(encodeMessage(own)).slice(0, -40)
    const wrong = 'What this panel is drawn of cannot be read: drawing: expected an object, got 7'
    const cut =
      'What this panel is drawn of cannot be read: it was cut off, or changed since it was kept'
    const tooMuch = 'With the panels before it, this one takes more than a figure may'
    const most = 2.5 * 2 ** 20
    expect(await readOf([faulty('a'), large!], most)).toEqual([wrong, 2 ** 20])
    expect(await readOf([faulty('a'), faulty('b'), large!], most)).toEqual([wrong, wrong, tooMuch])
    expect(await readOf([large!, damaged, other!], most)).toEqual([2 ** 20, cut, 2 ** 20])
    const lists = ['a', 'b'].map(letter =>
      deflated(
        encodeMessage({
          ...own,
          drawing: 7,
          letter,
          lists: Array.from({ length: 60_000 }, () => [])
        })
      )
    )
    expect(await readOf([...lists, other!], 3 * 2 ** 20)).toEqual([wrong, tooMuch, tooMuch])
  })

  it('is read once where it stands twice, and leaves no room to what is as large', async () => {
    const large = content(drawing(attentionMap, map, look).kept()!)
    const [one, other] = await Promise.all(
      ['a', 'b'].map(letter => packedContent({ ...large, title: letter.repeat(2 ** 20) }))
    )
    expect(await readOf([one!, one!, other!], 2 ** 21)).toEqual([
      2 ** 20,
      'With the panels before it, this one takes more than a figure may'
    ])
  })

  it('is refused where its kind is not known, or its data are another’s', () => {
    const { parts, names } = drawing(attentionMap, map, look).kept()!
    const [part] = parts
    expect(() => drawingOf({ parts: [{ ...part!, kind: 'globe' }], names })).toThrow(
      'This version of Lamella draws no figure of the kind “globe”'
    )
    expect(() => drawingOf({ parts: [{ ...part!, data: row }], names })).toThrow(
      'The data of a figure of the kind “attention-map” are not what it is drawn of'
    )
  })
})

it.each([
  [
    { analysis: 'head-scores', params: {}, window: 64 },
    { analysis: 'head-scores', params: {} }
  ],
  [
    { view: 'atlas-map', params: { score: 'self', window: 64 } },
    { view: 'atlas-map', params: { score: 'self' } }
  ]
] as const)(
  'has its windows beside its text, as earlier versions had them in %j',
  async (kept, again) => {
    const own = content(drawing(scoreRow, row, look).kept()!)
    const { from } = await panelContent(
      await packedContent({ ...own, from: { ...own.from!, again: kept } })
    )
    expect(from?.of.cut).toEqual({ window: 64, stride: null })
    expect(from?.again).toEqual(again)
  }
)

it('has of two models the windows of each, as earlier versions had them', async () => {
  const own = content(drawing(scoreRow, row, look).kept()!)
  const withRun = { input: { text: 'b' }, edits: [] }
  const params = { form: 'maps', window: 64, otherWindow: 32 }
  const again = { view: 'compared-heads', params, with: 'other', withRun }
  const { from } = await panelContent(
    await packedContent({ ...own, from: { ...own.from!, again } })
  )
  expect(from?.of.cut).toEqual({ window: 64, stride: null })
  expect(from?.again).toEqual({
    ...{ ...again, params: { form: 'maps' } },
    withRun: { ...withRun, cut: { window: 32, stride: null } }
  })
})

it('keeps the corpus that it is of, and how that is cut', async () => {
  const own = content(drawing(scoreRow, row, look).kept()!)
  const corpus = { name: 'Two', inputs: [{ path: '/a/b.txt' }, { text: 'c' }] }
  const of = {
    ...own.from!.of,
    input: null,
    corpus,
    cut: { window: null, stride: null, sentences: true }
  }
  const { from } = await panelContent(
    await packedContent({ ...own, from: { ...own.from!, of } as typeof own.from })
  )
  expect(from?.of).toEqual(of)
})

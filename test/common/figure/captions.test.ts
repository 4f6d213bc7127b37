import { describe, expect, it } from 'vitest'
import { captions, lessCaption, originCaptions, type Captioned } from '#common/figure/captions.ts'
import type { Origin } from '#common/figure/provenance.ts'

const of = (text: string, own: Partial<Captioned> = {}, edits: unknown[] = []): Captioned => ({
  model: { name: 'a model', fingerprint: 'one' },
  run: { source: { input: { text }, edits: edits as Origin['edits'] } },
  name: 'Head 1.2',
  ...own
})

describe('captions', () => {
  it('say the heads, and of the rest what differs', () => {
    expect(captions(of('ab'), of('ab', { name: 'Head 1.3' }))).toEqual(['Head 1.2', 'Head 1.3'])
    expect(captions(of('ab'), of('a\nc'))).toEqual(['Head 1.2 · ab', 'Head 1.2 · a c'])
    expect(lessCaption(of('ab'), of('ab', {}, [{}]))).toBe(
      'Head 1.2 · unedited, less Head 1.2 · edited'
    )
  })

  it('have a text in up to 80 letters, in a name in 40', () => {
    const [rose, night] = ['rose', 'night'].map(
      word => `But, soft! what light through yonder window breaks? It is the ${word} of May`
    )
    expect(captions(of(rose!), of(night!))).toEqual([`Head 1.2 · ${rose}`, `Head 1.2 · ${night}`])
    const both = lessCaption(of('a'.repeat(50)), of('b'.repeat(50)))
    expect(both).toBe(`Head 1.2 · ${'a'.repeat(39)}…, less Head 1.2 · ${'b'.repeat(39)}…`)
  })

  it('have of a longer text what is around where the two differ', () => {
    const start = 'a'.repeat(200)
    const [one, other] = captions(of(`${start} rose of May`), of(`${start} night`))
    expect(one).toMatch(/^Head 1\.2 · …a{39} rose of May$/)
    expect(other).toMatch(/^Head 1\.2 · …a{39} night$/)
    const [short, long] = captions(of(start), of(`${start} and more`))
    expect(short).toMatch(/^Head 1\.2 · …a{40}$/)
    expect(long).toMatch(/^Head 1\.2 · …a{40} and more$/)
    const [left, right] = captions(of(`rose ${start}`), of(`night ${start}`))
    expect([left, right].map(text => [...text].length)).toEqual([91, 91])
    expect(left).toMatch(/^Head 1\.2 · rose a+…$/)
    expect(right).toMatch(/^Head 1\.2 · night a+…$/)
  })

  it('tell models apart, also those of one name, without their folders', () => {
    const named = (name: string) => of('ab', { model: { name, fingerprint: 'another' } })
    expect(captions(of('ab'), named('b'))).toEqual(['a model · Head 1.2', 'b · Head 1.2'])
    expect(captions(of('ab'), named('a model'))).toEqual([
      'the first · Head 1.2',
      'the second · Head 1.2'
    ])
  })
})

it('tell corpora apart by their names, and which is which of two that differ in nothing that is told', () => {
  const over = (name: string): Captioned => {
    const corpus = { name, inputs: [] }
    return { ...of(''), name: '', run: { source: { input: null, edits: [] }, corpus } }
  }
  expect(lessCaption(over('Hebrew'), over('English'))).toBe('Hebrew, less English')
  const cutInto = (window: number) =>
    of('ab', { run: { ...of('ab').run, cut: { window, stride: null } } })
  expect(captions(cutInto(8), cutInto(8))).toEqual([
    'Head 1.2 · the first',
    'Head 1.2 · the second'
  ])
  expect(lessCaption(cutInto(8), of('ab'))).toBe(
    'Head 1.2 · up to 8 tokens, less Head 1.2 · as many tokens as the model takes'
  )
  const edited = [of('ab', {}, [{ hook: 'a' }]), of('ab', {}, [{ hook: 'b' }])] as const
  expect(captions(...edited)).toEqual(['Head 1.2 · the first', 'Head 1.2 · the second'])
})

describe('captions of figures', () => {
  const origin = (own: Partial<Origin> = {}): Origin => ({
    ...{ model: 'm', fingerprint: 'f', input: { text: 'ab' }, edits: [], provider: 'cpu' },
    ...{ place: 'Head 1.2', ...own }
  })

  it('say what differs alone, and which is which where nothing does', () => {
    expect(originCaptions(origin(), origin({ input: { ids: [1, 2] } }))).toEqual(['ab', '1, 2'])
    expect(originCaptions(origin(), origin({ place: 'Head 0.0' }))).toEqual([
      'Head 1.2',
      'Head 0.0'
    ])
    const weights = { input: null, provider: 'none' }
    expect(
      originCaptions(origin(weights), origin({ ...weights, fingerprint: 'g', model: 'n' }))
    ).toEqual(['m', 'n'])
    expect(originCaptions(origin(), origin())).toEqual(['the first', 'the second'])
  })
})

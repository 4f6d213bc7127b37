import { expect, it } from 'vitest'
import { captionDraft } from '#common/figure/caption.ts'
import type { Origin } from '#common/figure/provenance.ts'

const of: Origin = {
  model: 'm',
  fingerprint: '0123456789abcdef',
  input: { text: `To be\nor ${'not '.repeat(40)}` },
  edits: [],
  provider: 'cpu',
  place: 'Head 1.2'
}

it('a caption says what is shown, of what, and how it was computed', () => {
  const draft = captionDraft(
    { version: '1.0.0', of, less: null, precision: 'float16' },
    'Colour: attention weight'
  )
  const read = `To be or ${'not '.repeat(40)}`.slice(0, 120)
  expect(draft).toBe(
    `Head 1.2 of m (files 01234567) on “${read}…”. Colour: attention weight. Computed by Lamella 1.0.0 (cpu, kept in float16).`
  )
})

it('of a text that ends a sentence it has no second full stop', () => {
  const draft = captionDraft(
    { version: '1', of: { ...of, input: { text: 'Speak.' } }, less: null, precision: 'float32' },
    ''
  )
  expect(draft).toContain('on “Speak.” Computed')
})

it('of a corpus it says no text, and how it was computed, and of weights neither', () => {
  const from = { version: '1', less: null, precision: 'float32' } as const
  const corpus = { ...of, input: null, place: 'Heads, scored over Two' }
  expect(captionDraft({ ...from, of: corpus }, '')).toBe(
    'Heads, scored over Two of m (files 01234567). Computed by Lamella 1 (cpu, float32).'
  )
  const weights = { ...corpus, provider: 'none', place: 'Parameters' }
  expect(captionDraft({ ...from, of: weights }, '')).toBe(
    'Parameters of m (files 01234567). Lamella 1.'
  )
})

it('says once which characters of its texts are read as others', () => {
  const own = { ...of, input: { text: '100%' }, unknown: '"%", read as "?"' }
  const from = { version: '1', of: own, less: { ...own, place: 'Head 0.0' } } as const
  expect(captionDraft({ ...from, precision: 'float32' }, 'Colour: weight')).toBe(
    'Head 1.2 of m (files 01234567) on “100%”, less Head 0.0 of m (files 01234567) on “100%”. ' +
      'Not in the vocabulary: "%", read as "?". Colour: weight. Computed by Lamella 1 (cpu, float32).'
  )
})

it('says that numbers are those that a session kept, of whichever side they are', () => {
  const kept = { ...of, place: 'Head 0.0', kept: true as const }
  for (const sides of [
    { of: kept, less: null },
    { of, less: kept },
    { of, less: null, beside: kept }
  ])
    expect(captionDraft({ version: '1', precision: 'float32', ...sides }, '')).toMatch(
      / Numbers as a session kept them, not computed anew\.$/
    )
})

it('of a difference it says both', () => {
  const less = { ...of, input: { ids: [1, 2, 3] }, place: 'Head 0.0' }
  const draft = captionDraft({ version: '1', of, less, precision: 'float32' }, '')
  expect(draft).toContain(', less Head 0.0 of m (files 01234567) on 3 token ids (1, 2, 3).')
})

it('of two that are beside each other it says both, and what lists of ids begin with', () => {
  const beside = { ...of, input: { ids: Array<number>(100).fill(7) }, place: 'Head 0.0' }
  const draft = captionDraft({ version: '1', of, less: null, beside, precision: 'float32' }, '')
  const ids = Array<number>(100).fill(7).join(', ').slice(0, 120)
  expect(draft).toContain(
    `, beside Head 0.0 of m (files 01234567) on 100 token ids (${ids}…). Computed by`
  )
})

it('of what is of no text it says none, and of edits what they change', () => {
  const edit = { hook: 'blocks.1.hook_mlp_out', at: {}, scale: 0, add: null }
  const weights = { ...of, input: null, edits: [edit], place: 'Head scores' }
  const draft = captionDraft({ version: '1', of: weights, less: null, precision: 'float32' }, '')
  expect(draft).toBe(
    'Head scores of m (files 01234567), edited (MLP of block 1 ablated). Computed by Lamella 1 (cpu, float32).'
  )
})

it('of panels it says of each what was written of it', () => {
  const panel = { title: 'Head 1.2', from: null }
  const draft = captionDraft(
    {
      version: '1',
      panels: [
        { ...panel, letter: '(a)', caption: 'A head that looks back.' },
        { ...panel, letter: '(b)', caption: '' },
        { ...panel, letter: '', caption: 'The last.' }
      ],
      again: { session: 's', figure: 'f' }
    },
    ''
  )
  expect(draft).toBe('(a) A head that looks back. (b) Head 1.2 The last.')
})

it('isolates what runs from right to left, within its quotes, with the signs that it ends in', () => {
  const text = `${'שלום '.repeat(30)}`
  const hebrew = { ...of, model: 'מודל', input: { text: `${text}.` } }
  const from = { version: '1', less: null, precision: 'float32' } as const
  const cut = text.slice(0, 120)
  const draft = captionDraft({ ...from, of: hebrew }, '')
  expect(draft).toContain(
    `Head 1.2 of \u2068מודל\u2069 (files 01234567) on “\u2068${cut}…\u2069”. Com`
  )
  const ended = captionDraft({ ...from, of: { ...of, input: { text: 'שלום.' } } }, '')
  expect(ended).toContain('on “\u2068שלום.\u2069” Computed')
  // Of panels: drafts keep their isolates, what was written is isolated where it is in Hebrew.
  const panel = { title: '', from: null }
  const again = { session: 's', figure: 'f' }
  const panels = [ended, 'כותרת.', 'a\u202eb'].map((caption, i) => ({
    ...panel,
    ...{ letter: `(${'abc'[i]!})`, caption }
  }))
  expect(captionDraft({ version: '1', panels, again }, '')).toBe(
    `(a) ${ended} (b) \u2068כותרת.\u2069 (c) a⟨202E⟩b`
  )
})

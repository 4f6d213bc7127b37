import { describe, expect, it } from 'vitest'
import { provenanceLines, type Origin, type Provenance } from '#common/figure/provenance.ts'

const origin: Origin = {
  model: 'a\u202emodel',
  fingerprint: 'abc',
  input: { text: 'To be\nor' },
  edits: [{ hook: 'blocks.2.attn.hook_z', at: { head: [1] }, scale: 0, add: null }],
  provider: 'cpu',
  place: 'Head 0.1'
}
const why = 'it is drawn by hand'
const one: Provenance = {
  ...{ version: '0.1.0', of: origin, less: null, precision: 'float16' },
  again: { view: 'attention', params: { layer: 0 } }
}
const ofOne = [
  'Made by Lamella 0.1.0',
  'Model: a⟨202E⟩model, files abc',
  'Head 0.1',
  'Text: To be⟨0A⟩or',
  'Edits: head 2.1 ablated',
  'Computed by: cpu, kept in float16'
]
const command = `Again: npm run --silent lamella -- figure $'a\\342\\200\\256model' --view attention --set layer=0 --text $'To be\\nor' --edit '${JSON.stringify(origin.edits[0])}' --provider cpu --out figure.pdf`

describe('a provenance', () => {
  it('says program, model, place, input, edits, provider and precision, in plain letters', () => {
    expect(provenanceLines(one)).toEqual([...ofOne, command])
  })

  it('says of numbers that a session kept, and nobody computed anew, that they are', () => {
    const said = 'Numbers: as a session kept them, not computed anew'
    const told = provenanceLines({ ...one, of: { ...origin, kept: true } })
    expect(told).toEqual([...ofOne, said, command])
    const ofWeights = { ...origin, provider: 'none', input: null, edits: [], kept: true as const }
    expect(provenanceLines({ ...one, of: ofWeights })).toContain(said)
  })

  it('says which characters of the text are read as others', () => {
    const of = { ...origin, unknown: '"%", read as "?"' }
    const told = provenanceLines({ ...one, of })
    expect(told).toEqual([
      ...ofOne.toSpliced(4, 0, 'Not in the vocabulary: "%", read as "?"'),
      command
    ])
  })

  it('of numbers has the command that gives numbers', () => {
    const [told] = provenanceLines(one, 'numbers.csv').slice(-1)
    expect(told).toBe(command.replace('figure.pdf', 'numbers.csv'))
    const analysed = { ...one, again: { analysis: 'loss', params: {} } }
    const fileOf = (out: string) => provenanceLines(analysed, out).at(-1)?.split('--out ').at(-1)
    // No analysis draws a picture.
    expect(['numbers.npz', 'a.safetensors', 'figure.pdf'].map(fileOf)).toEqual([
      ...['numbers.npz', 'a.safetensors', 'numbers.csv']
    ])
  })

  it('says of what was kept why no command makes it again, and what one would have asked for, in plain letters', () => {
    const line = `Again: no command: ${why}`
    expect(provenanceLines({ ...one, again: { none: why, params: {} } })).toEqual([...ofOne, line])
    const params = {
      layer: 3,
      heads: [0, 1],
      score: 'induction',
      at: '7',
      key: null,
      by: 'a\u202eb'
    }
    const again = { none: why, params }
    const told = 'Parameters: layer=3, heads=[0,1], score=induction, at="7", by=a⟨202E⟩b'
    expect(provenanceLines({ ...one, again })).toEqual([...ofOne, told, line])
  })

  it('has every param whole, however long', () => {
    const heads = Array.from({ length: 500 }, (_, i) => i)
    const again = { none: why, params: { heads } }
    expect(provenanceLines({ ...one, again }).at(-2)).toBe(
      `Parameters: heads=${JSON.stringify(heads)}`
    )
  })

  it('says what was asked of two sides, once where it is the same', () => {
    const again = { none: why, params: { layer: 0, head: 1 } }
    const of = (other: object) =>
      provenanceLines({ ...one, again: { ...again, ...other } }).slice(ofOne.length, -1)
    expect(of({})).toEqual(['Parameters: layer=0, head=1'])
    expect(of({ otherParams: { layer: 0, head: 2 } })).toEqual([
      'Parameters: layer=0, head=1',
      'Parameters of the other: layer=0, head=2'
    ])
  })

  it('says of a corpus what it is called, reads and is cut into, without folders, and of weights nothing of a run', () => {
    const inputs = [{ path: '/home/ada/my texts' }, { text: 'a\nb' }, { ids: [4, 2] }]
    const cut = { window: 64, stride: 32 }
    const corpus = { ...origin, input: null, corpus: { name: 'Two', inputs }, cut, place: 'Heads' }
    const told = provenanceLines({ ...one, of: corpus })
    expect(told.slice(2, -1)).toEqual([
      ...['Heads', 'Corpus: Two', 'File: my texts', 'Text: a⟨0A⟩b', 'Token ids: 4, 2'],
      'Windows: up to 64 tokens, each 32 after the one before',
      ...ofOne.slice(4)
    ])
    expect(told.at(-1)).toContain(
      " --corpus Two --text-file 'my texts' --text $'a\\nb' --tokens 4,2 --window 64 --stride 32 --edit"
    )
    const again = { none: why, params: {} }
    const weights = { ...origin, input: null, edits: [], provider: 'none', place: 'Parameters' }
    expect(provenanceLines({ ...one, of: weights, again }).slice(2, -1)).toEqual(['Parameters'])
  })

  it('tells what both sides read where their folders alone are not alike', () => {
    const over = (folder: string) => ({
      ...{ input: null, corpus: { name: 't', inputs: [{ path: `/home/${folder}/t` }] }, edits: [] }
    })
    const told = (other: string) =>
      provenanceLines({
        ...{ ...one, of: { ...origin, ...over('a') }, less: { ...origin, ...over(other) } },
        again: { view: 'atlas-map', params: {}, sides: 'difference', withRun: over(other) }
      }).at(-1)
    expect(told('b')).toContain(' --with-corpus t --with-text-file t ')
    expect(told('a')).not.toContain('--with-text-file')
    expect(told('b')).not.toContain('home')
  })

  it('of panels says how they are drawn again, and each of them what it is of', () => {
    const panel = { title: 'Heads', caption: '' }
    const panels = [
      { ...panel, letter: '(a)', from: one },
      { ...panel, letter: '', from: null }
    ]
    const again = { session: 'my heads.lamella', figure: 'Figure 1' }
    expect(provenanceLines({ version: '0.2.0', panels, again })).toEqual([
      'Made by Lamella 0.2.0',
      "Again: npm run --silent lamella -- figure 'my heads.lamella' --figure 'Figure 1' --out figure.pdf",
      'Panel: (a) Heads',
      ...ofOne,
      command,
      'Panel: Heads'
    ])
  })

  it('of panels has the params of each that no command makes', () => {
    const panel = { title: 'Heads', caption: '', letter: '(a)' }
    const own = (layer: number) => ({
      ...one,
      again: { none: why, params: { layer } }
    })
    const panels = [0, 7].map(layer => ({ ...panel, from: own(layer) }))
    const again = { session: 's.lamella', figure: 'F' }
    const told = provenanceLines({ version: '0.2.0', panels, again })
    expect(told.filter(line => line.startsWith('Parameters'))).toEqual([
      'Parameters: layer=0',
      'Parameters: layer=7'
    ])
  })

  it('names the file of a session without its folders, and gives numbers of panels again as numbers', () => {
    const panel = { letter: '', title: 'Heads', caption: '', from: one }
    const again = (session: string) => ({ session, figure: 'F' })
    for (const session of ['/home/ada/s.lamella', 'C:\\Users\\ada\\s.lamella'])
      expect(
        provenanceLines({ version: '0.2.0', panels: [panel], again: again(session) }, 'numbers.csv')
      ).toEqual([
        'Made by Lamella 0.2.0',
        'Again: npm run --silent lamella -- figure s.lamella --figure F --out numbers.csv',
        'Panel: Heads',
        ...ofOne,
        command.replace('figure.pdf', 'numbers.csv')
      ])
  })

  it('of a difference says the same of what is taken away', () => {
    const less: Origin = {
      model: 'another',
      fingerprint: 'def',
      input: { ids: [4, 2] },
      edits: [],
      provider: 'webgpu',
      place: 'Head 1.0'
    }
    expect(provenanceLines({ ...one, less })).toEqual([
      ...ofOne,
      'Less:',
      'Model: another, files def',
      'Head 1.0',
      'Token ids: 4, 2',
      'Edits: none',
      'Computed by: webgpu, kept in float16',
      command
    ])
  })
})

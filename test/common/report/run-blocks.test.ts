import { expect, it } from 'vitest'
import { AnalysisRequest } from '#common/contract/session.ts'
import { modelBlocks } from '#common/report/model-blocks.ts'
import type { LibraryItem } from '#common/model/library.ts'
import type { ReportedSession } from '#common/report/reported-session.ts'
import { keptBlocks, textBlocks } from '#common/report/run-blocks.ts'
import { optionSpans } from '#common/report/set-options.ts'
import { model } from '../../renderer/fake-client.ts'

const info = (fingerprint: string) => ({
  ...model('letters'),
  ...{ path: '/models/letters', name: 'letters', fingerprint }
})
const edit = { hook: 'blocks.0.attn.hook_z', at: { head: [1] }, scale: 0, add: null }
const source = (fingerprint: string, edits = [edit]) => ({
  model: { path: '/models/letters', fingerprint },
  input: { text: 'To be' },
  ...{ edits, provider: 'cpu' as const }
})
const values = [{ hook: 'logits', bytes: 8 }]

/** A session of models of one name, by their fingerprints. */
function session(...fingerprints: string[]): ReportedSession {
  const runs = [source('aaaaaaaaaa'), source('bbbbbbbbbb', []), source('cccccccccc', [])]
  return {
    models: fingerprints.map(own => ({
      ...{ info: info(own), state: 'here', formerly: [] }
    })),
    content: { runs: runs.map(source => ({ source })), library: [] },
    kept: {
      runs: runs.map(source => ({ source, tokens: 5, values })),
      results: runs.map(({ model }) => ({
        request: AnalysisRequest.parse({ name: 'head-scores', of: { model } }),
        bytes: 1
      }))
    }
  } as unknown as ReportedSession
}

it('tells models of one name, and what they ran, apart by their fingerprints', () => {
  const two = session('aaaaaaaaaa', 'bbbbbbbbbb')
  const [first, second] = ['letters (files aaaaaaaa)', 'letters (files bbbbbbbb)']
  const headings = modelBlocks(two).filter(({ kind }) => kind === 'heading')
  expect(JSON.stringify(headings)).toMatch(/files aaaaaaaa.*files bbbbbbbb/)
  const texts = JSON.stringify(textBlocks(two))
  for (const name of [first, second, 'letters (files cccccccc)'])
    expect(texts).toContain(`${name}, cpu`)
  const kept = JSON.stringify(keptBlocks(two))
  expect(kept).toContain(`${first}, cpu`)
  expect(kept).toContain('head 0.1 ablated')
  expect(kept).toContain(`Of ${second}:`)
})

it('calls the only one by its name', () => {
  const one = session('aaaaaaaaaa')
  expect(JSON.stringify(modelBlocks(one))).not.toContain('files a')
  const kept = JSON.stringify(keptBlocks(one))
  expect(kept).toContain('letters, cpu')
  expect(kept).not.toContain('Of letters:')
})

it('says of which corpora of files the session keeps the texts', () => {
  const corpus = (name: string, path: string): LibraryItem => ({
    ...{ kind: 'corpus', name, window: null, stride: null },
    of: { path, seen: { files: 1, bytes: 3, left: 0, mark: 'as it was' } }
  })
  const kept = (path: string, mark: string) => ({ files: 1, bytes: 3, left: 0, mark, path })
  const one = session('aaaaaaaaaa')
  const library: LibraryItem[] = [
    ...[corpus('Kept', '/home/a'), corpus('Not', '/home/b'), corpus('Changed', '/home/c')],
    {
      ...{ kind: 'corpus', name: 'Lines', window: null, stride: null },
      of: { texts: [{ name: 'first', input: { text: 'To be' } }] }
    }
  ]
  const texts = [kept('/home/a', 'as it was'), kept('/home/c', 'of another time')]
  const told = { ...one, content: { ...one.content, library }, texts }
  const blocks = textBlocks(told)
  expect(JSON.stringify(blocks)).not.toContain('/home')
  const ofFiles = blocks.flatMap(block =>
    block.kind === 'facts' ? block.rows.filter(({ name }) => name === 'Its texts') : []
  )
  const left = 'not in the session’s file: they are read from these files alone'
  expect(ofFiles.flatMap(({ spans }) => spans.map(({ text }) => text))).toEqual([
    'in the session’s file, which is read where these files are not',
    ...[left, left]
  ])
})

it('says what tabs are set to by names, not by ids and paths', () => {
  const one = session('aaaaaaaaaa')
  const id = 'f36fcba3-6d1c-4a0b-8a53-0c1f0a3d1b11'
  const figure = {
    ...{ kind: 'panels', id, name: 'Induction', at: 0, version: '1', preset: 'icml' },
    ...{ widthMm: 82.55, points: null, font: 'sans', background: 'paper', columns: 1 },
    ...{ lettering: '(a)', oneScale: false, panels: [] }
  }
  const told = { ...one, content: { ...one.content, figures: [figure] } }
  const text = (options: Record<string, unknown>) =>
    optionSpans(told, options)
      .map(({ text }) => text)
      .join('')
  expect(text({ figure: id })).toBe('figure="Induction"')
  // Of what is there no more, and of a run, which has no name.
  expect(text({ figure: id.replace('f', 'a'), search: '/a', seed: 3 })).toBe('search="/a" seed=3')
  expect(text({ against: { path: '/models/letters' }, folder: '/home/me/headvis' })).toBe(
    'against={"path":"letters"} folder="headvis"'
  )
  expect(text({ colors: { of: '{"path":"/models/letters"}', names: { 1: 'x' } } })).toBe(
    String.raw`colors={"of":"{\"path\":\"letters\"}","names":{"1":"x"}}`
  )
  expect(text({ figure: null })).toBe('')
  // In lists, too.
  const other = id.replace('f', 'a')
  expect(text({ folders: ['/home/me/one', '/models/letters'], file: '/home/me/two' })).toBe(
    'folders=["one","letters"] file="two"'
  )
  expect(text({ figures: [other, id], runs: [other, other], hidden: [] })).toBe(
    'figures=["Induction"] hidden=[]'
  )
})

it('says in what tabs are set to what models are called, not what begins as their paths do', () => {
  const one = session('aaaaaaaaaa')
  const content = { ...one.content, figures: [] }
  const [model] = one.models
  const models = ['/m/gpt2', '/m/gpt2-medium'].map((path, i) => ({
    ...model!,
    info: { ...model!.info, path, name: ['small', 'medium'][i]! }
  }))
  const own = ['/m/gpt2', '/m/gpt2-medium', '/m/gpt2-large', '/x/m/gpt2', '/m/gpt2.']
  expect(
    optionSpans(
      { ...one, content, models },
      { of: own.map(path => `{"path":"${path}"}`).join(' ') }
    )[0]!.text
  ).toBe(
    `of=${JSON.stringify(['small', 'medium', ...own.slice(2)].map(path => `{"path":"${path}"}`).join(' '))}`
  )
})

it('names a figure by its whole id alone, and models that lie nowhere not at all', () => {
  const one = session('aaaaaaaaaa')
  const figure = {
    ...{ kind: 'panels', id: 'figure', name: 'figure figure', at: 0, version: '1', preset: 'icml' },
    ...{ widthMm: 82.55, points: null, font: 'sans', background: 'paper', columns: 1 },
    ...{ lettering: '(a)', oneScale: false, panels: [] }
  }
  const models = one.models.map(model => ({ ...model, info: { ...model.info, path: '' } }))
  const told = { ...one, content: { ...one.content, figures: [figure] }, models }
  expect(optionSpans(told, { query: 'figure of speech' })[0]!.text).toBe('query="figure of speech"')
})

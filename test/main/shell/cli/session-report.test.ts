import { execFileSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { getDocument } from 'pdfjs-dist/legacy/build/pdf.mjs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { profileDrawing } from '#common/figure/views/profile-figures.ts'
import { neuronParams } from '#common/figure/views/neuron-view.ts'
import type { Workbench } from '../../../../src/main/workbench/workbench.ts'
import { commandLine, type CommandLine } from '../../../command-line.ts'
import { cpuSource, projectRoot, shakespeare, startWorkbench } from '../../../golden/workbench.ts'
import { hebrewText, writeReportedExample } from '../../session/reported-example.ts'

const folder = mkdtempSync(join(tmpdir(), 'lamella-session-report-'))
const file = join(folder, 'paper.lamella')
let workbench: Workbench
let commands: CommandLine
let page: string
beforeAll(async () => {
  await writeReportedExample(file)
  workbench = await startWorkbench()
  commands = commandLine(workbench)
  page = (await report('paper.html')).toString()
})
afterAll(async () => {
  await workbench.close()
  commands.close()
})

const lamella = (...words: readonly string[]) => commands.run(...words)

async function report(name: string): Promise<Buffer> {
  const told = await lamella('session', file, '--report', join(folder, name))
  expect(told).toMatchObject({ status: 0, error: '' })
  expect(told.out).toMatch(/: 3 notes, 3 findings, 2 figures\n$/)
  return readFileSync(join(folder, name))
}

/** What stands between the headings of a section and of the next. */
function section(name: string, of = page): string {
  const [, own = ''] = of.split(new RegExp(`<h2 [^>]*>${name}</h2>`))
  return own.split('<h2 ')[0]!
}

describe('a report of a session as HTML', () => {
  it('stands by itself: nothing is fetched, and nothing runs', () => {
    expect(page).toContain(`content="default-src 'none'; img-src data:; font-src data:;`)
    expect(page).not.toMatch(/<script|<img|javascript:alert\(1\)"|<link|@import|src=["']?http/i)
    const policy = /Content-Security-Policy" content="([^"]*)"/.exec(page)![1]!
    expect(policy).not.toContain('script-src')
    // What is addressed is in the file, or a page that a note links to.
    const addresses = [...page.matchAll(/(?:href|src)="([^"]*)"|url\(([^)]*)\)/g)]
    const kinds = new Set(addresses.map(([, link, css]) => (link ?? css!).slice(0, 5)))
    for (const kind of kinds) expect(['data:', 'https']).toContain(kind.replace(/^#.*/, 'data:'))
  })

  it('has what strangers wrote as letters', () => {
    expect(page).toContain('&#60;img src=x onerror=alert(1)&#62; &#38; &#34;quotes&#34; ⟨202E⟩rev')
    expect(page).not.toContain('\u202e')
  })

  it('has notes as they were written, each below what it is of, in its direction', () => {
    const notes = section('Notes')
    expect(notes).toContain('do what <b>induction</b> heads do')
    expect(notes).toContain(
      '<a href="https://example.org/induction" rel="noreferrer">the paper</a>'
    )
    expect(notes).toMatch(
      /<h3 dir="auto">Head 1\.3 · gone<\/h3>\n<p dir="auto"><span class="muted">2[^<]+<\/span><\/p>\n<p dir="auto">שלום/
    )
  })

  it('has findings with what they were tested against, and those that failed as failed', () => {
    const findings = section('Findings')
    expect(findings).toMatch(/<b>Held: <\/b>[^]*<b>Failed: <\/b>/)
    expect(findings).toContain('<td class="number" dir="auto">0.620 ± 0.0400</td>')
    expect(findings).toContain('14 of 16')
    // As the model is called in the rest of the report, whatever it was called then.
    expect(findings).toContain('>Head 1.3 · gone</h3>')
    expect(findings).toContain('Loss 1.52; without the head 1.71 (zeroed), 1.68 (its mean).')
    expect(findings.replace(/(<[^>]+>\s*)+/g, ' ')).toContain('vowel 1,040 1.50 +0.500 −0.250')
    expect(findings).toContain('1 of another version of Lamella cannot be shown by this one.')
  })

  it('draws figures without the model, says what it cannot draw, and what makes each again', () => {
    const figures = section('Figures')
    expect(figures).toMatch(/<svg role="img" aria-label="Figure 1\. Heads of block 1\./)
    expect(figures).toContain('data:image/png;base64,')
    expect(figures).toContain('What this panel is drawn of cannot be read')
    expect(figures).toContain(
      '<code>npm run --silent lamella -- figure paper.lamella --figure &#39;Heads of block 1&#39; --out figure.pdf</code>'
    )
    expect(figures).toContain('--view attention --set layer=1 --set head=3')
    // Nothing in a page has the name of another thing in it.
    const ids = [...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id)
    expect(new Set(ids).size).toBe(ids.length)
  })

  it('draws the patterns that are kept of a run, and nothing that is not', () => {
    const figures = section('Figures')
    const [, own = ''] = figures.split('<figure id="figure-2">')
    expect(own).toContain('Figure 2. Attention on “But, soft! what light through yonder win…”.')
    // Four heads of each of the two blocks whose patterns are kept.
    expect(own.match(/<image /g)).toHaveLength(8)
    expect(own).toContain('--view all-heads --set &#39;layers=[0,1]&#39;')
    expect(own).toContain('>head 0<')
  })

  it('has models by their fingerprints, texts, edits, settings and what is kept', () => {
    expect(section('Models')).toMatch(/<code>[0-9a-f]{64}<\/code>/)
    expect(section('Models')).toContain('not there as this was made')
    expect(section('Models')).toMatch(/Where it lay before[^]*?<code>f0<\/code>/)
    expect(section('Texts and edits')).toContain('But, soft! what light')
    expect(section('Texts and edits')).toContain(hebrewText)
    expect(section('Settings')).toMatch(/Group A[^]*But, soft![^]*<td dir="auto">Attention<\/td>/)
    expect(section('Numbers')).toContain('blocks.0.attn.hook_pattern, blocks.1.attn.hook_pattern')
    expect(section('Provenance')).toContain('session paper.lamella --rerun')
    // Whose machine it was made on is nobody's business.
    expect(page).not.toContain(folder)
  })

  it('says nothing of where models lie on this machine', async () => {
    const example = join(projectRoot, 'resources/example.lamella')
    const path = join(folder, 'example.html')
    const told = await lamella('session', example, '--report', path)
    expect(told.error).toContain(shakespeare)
    expect(readFileSync(path, 'utf8')).not.toContain(projectRoot)
  })

  it('takes no place of a session, and no other ending', async () => {
    expect((await lamella('session', file, '--report', file)).status).toBe(1)
    const told = await lamella('session', file, '--report', join(folder, 'a.docx'))
    expect(told).toMatchObject({ status: 1, out: '' })
    expect(told.error).toMatch(/a\.docx/)
  })
})

describe('a report of what analyses came to', () => {
  const text = 'To be, or not'
  let figures: string
  let numbers: string
  let again: string[]
  beforeAll(async () => {
    const path = join(folder, 'letters')
    cpSync(shakespeare, path, { recursive: true })
    const model = await commands.client.call('models.open', { path })
    const source = cpuSource(model, { text })
    const run = await commands.client.call('runs.start', { source })
    const subject = { model: source.model, edits: [], provider: 'cpu' as const }
    const reads = (...texts: string[]) => ({
      inputs: texts.map(text => ({ text })),
      ...{ window: null as number | null, stride: null }
    })
    const readsIds = { ...reads(), inputs: [{ ids: run.tokens.map(({ id }) => id) }] }
    const request = (
      name: string,
      params = {},
      corpus: ReturnType<typeof reads> | typeof readsIds | null = null
    ) => ({
      ...{ name, params, with: null },
      of: { ...subject, corpus }
    })
    const lens = { parts: ['mlp_out'], top: 10, tokens: [7], norms: false }
    const grad = { of: 'logit:3:10', steps: 0, inside: false, occlusion: false }
    const play = { ...reads('To be, or not to be', 'that is the question'), window: 8 }
    const profile = { layer: 1, head: 3, score: 'max_beyond_first' }
    const drawing = profileDrawing({ by: 'count', drawn: 5, seed: 0, window: 8 })
    const results = [
      request('lens', lens, reads(text)),
      request('token-probabilities', {}, reads(text)),
      // As a window asks: by the tokens of the run.
      request('saliency', grad, readsIds),
      request('direct-logit-attribution', { targets: '4:7', by_token: true }, readsIds),
      request('predictions', { position: 3, top: 5 }, readsIds),
      request('ablation', { layers: [0] }, readsIds),
      request('health'),
      request('spectrum', { tensors: ['transformer.h.1.mlp.c_fc.weight'] }),
      request('value-check'),
      request('positions'),
      request('ablation', { layers: [1] }, { ...reads(text), window: 8 }),
      // Of a corpus.
      request('hidden-states', { sentence: 'first' }, reads(text, 'or not')),
      request('hidden-states', { word: 'o' }, reads(text, 'or not')),
      request('why', { at: 'last:3-10' }, reads('To be', 'or not')),
      request('why', { at: 'last:3-10', parts: 'head 1.3' }, reads('To be', 'or not')),
      request('head-statistics', { classes: {}, seed: 0 }, play),
      request('random-repeat', { seed: 0 }),
      request('head-distances', { layers: null }, play),
      request('head-contexts', { ...profile, ...drawing, first_token: 'shown' }, play),
      request('neurons', neuronParams({ layer: 1, unit: 3 }, 0, 0), play),
      ...['or not to be', 'that is it'].map(text =>
        request('neurons', neuronParams({ layer: 1, unit: 3 }, 0, 0), {
          ...reads(text, text),
          window: 8
        })
      ),
      request('head-scores', {}, { ...reads(text), window: 8 })
    ]
    for (const result of results) await commands.client.call('analysis.run', result)
    const file = join(folder, 'results.lamella')
    const texts = play.inputs.map((input, i) => ({ name: `line ${i}`, input }))
    const library = [
      { kind: 'corpus', name: 'Two ‹lines›', of: { texts }, window: 8, stride: null },
      { kind: 'pair', name: 'Be, or not', clean: { text: 'To be' }, corrupt: { text: 'or not' } }
    ]
    const content = { window: {}, runs: [{ source, modelName: model.name, at: 12 }] }
    const { id } = await commands.client.call('sessions.save', {
      ...{ id: null, path: file, keep: 'everything', replace: false },
      content: JSON.stringify({ ...content, library, notes: [], findings: [], figures: [] }),
      wish: JSON.stringify({ runs: [source], results, corpora: [] })
    })
    await commands.client.call('sessions.close', { id })
    await commands.client.call('models.close', { modelId: model.id })
    rmSync(path, { recursive: true })
    const out = join(folder, 'results.html')
    const told = await lamella('session', file, '--report', out)
    expect(told.status).toBe(0)
    const whole = readFileSync(out, 'utf8')
    figures = section('Figures', whole)
    numbers = section('Numbers', whole)
    again = [...figures.matchAll(/--view ([^<]*?) --out/g)].map(([, own]) => own!)
  })

  it('draws each by the views that are of it, without the model', () => {
    const ofText = again.filter(own => !own.includes(' --corpus '))
    expect(ofText.map(own => own.replace(/ --text .*/, ''))).toEqual([
      'all-heads --set cells=128 --set pooling=maximum --set colors=magma --set scale=sqrt --set range=automatic',
      'logit-lens --set part=mlp_out --set token=7',
      'predictions',
      'saliency --set of=logit:3:10',
      'direct-logit-attribution --set at=4:7',
      'health',
      'tensor --set tensor=transformer.h.1.mlp.c_fc.weight --set form=spectrum'
    ])
  })

  it('draws no number that stood beside what was pointed at, but lists it', () => {
    for (const name of ['predictions', 'head-scores']) {
      expect(figures).not.toMatch(new RegExp(`letters · ${name} · |analyse ${name} `))
      expect(numbers).toContain(`<td dir="auto">${name}</td>`)
    }
  })

  it('draws all as wide as its text at most, and tells no reader what its author has to mend', () => {
    const widths = [...figures.matchAll(/<svg[^>]*? width="([\d.]+)/g)].map(([, width]) =>
      Number(width)
    )
    expect(widths.length).toBeGreaterThan(5)
    // 430 pt
    expect(Math.max(...widths)).toBeLessThanOrEqual((430 / 72) * 96 + 0.01)
    expect(figures).not.toMatch(/Not as it should be|smaller than the 5 pt/)
  })

  it('says the text of what was asked of its tokens', () => {
    const captions = [...figures.matchAll(/<figcaption[^>]*>(.*?)<\/figcaption>/gs)]
    const [told] = captions.filter(([own]) => own.includes('letters · ablation'))
    expect(told?.[0]).toContain('on “To be, or not”')
    expect(figures).not.toContain('token ids')
  })

  it('draws those of a corpus, by its name and with the command that makes them again', () => {
    const captions = [...figures.matchAll(/<figcaption[^>]*>(.*?)<\/figcaption>/gs)]
    const told = captions.map(([, own]) => own!).filter(own => own.includes('Two ‹lines›'))
    const named = (words: RegExp) => told.filter(own => words.test(own)).length
    expect(told.map(own => /<b>Figure \d+\. ([^<]*)<\/b>/.exec(own)?.[1])).toEqual([
      'letters · heads · previous token. ',
      'letters · heads · previous token and induction. ',
      'letters · heads by patterns · dendrogram. ',
      'letters · Head 1.3 · contexts by largest beyond the first. ',
      'letters · Head 1.3 · distribution of largest beyond the first. ',
      'letters · Neuron 1.3 · contexts. '
    ])
    expect(named(/windows of up to 8 tokens of Two ‹lines›/)).toBe(5)
    // Of others, which have no name, each by itself.
    expect(captions.filter(([, own]) => own!.includes('Neuron 1.3 · contexts'))).toHaveLength(3)
    const reads = "--text 'To be, or not to be' --text 'that is the question' --window 8"
    const command = `--corpus 'Two ‹lines›' ${reads} --provider cpu`.replaceAll("'", '&#39;')
    expect(told.filter(own => own.includes(command))).toHaveLength(told.length)
    expect(figures).not.toContain('No command makes it again')
  })

  it.each([
    ['atlas-map', 'heads · previous token'],
    ['head-contexts', 'Head 1.3 · contexts by largest beyond the first'],
    ['neuron', 'Neuron 1.3 · contexts'],
    ['hidden-states', 'hidden states · texts'],
    ['why', 'why · sum']
  ])('has a command of a corpus that draws the same again: %s', async (view, title) => {
    const own = again.find(own => own.startsWith(`${view} `) && own.includes(' --corpus '))!
    const quoted = own.replaceAll('&#39;', "'").replaceAll('&quot;', '"')
    const words = execFileSync('bash', ['-c', `printf '%s\\0' ${quoted}`])
      .toString()
      .split('\0')
    const out = join(folder, `${view}.svg`)
    const typed = ['figure', shakespeare, '--view', ...words.slice(0, -1), '--out', out]
    const told = await lamella(...typed)
    expect(told.status).toBe(0)
    expect(told.out).toContain(`shakespeare-char · ${title}`)
  })

  it('draws hidden states of several texts, by their letters, and why of a pair once, by its name', () => {
    const [ofTexts, ofWord] = [
      /<svg[^>]*aria-label="Figure \d+\. letters · hidden states · texts[^]*?<\/svg>/,
      /<svg[^>]*aria-label="Figure \d+\. letters · hidden states · places of a word[^]*?<\/svg>/
    ].map(own => own.exec(figures)?.[0])
    expect(ofTexts?.replaceAll(/[\u2068\u2069]/g, '')).toContain('>To be, or not<')
    expect(ofWord?.replaceAll(/[\u2068\u2069]/g, '')).toContain('>at 11 of To be…<')
    expect(figures.match(/<b>Figure \d+\. letters · why · sum/g)).toHaveLength(1)
    expect(figures).toContain(
      'Why “$” less “:” at the last position of each prompt, over Be, or not of letters'
    )
    expect(figures.replaceAll(/[\u2068\u2069]/g, '')).toContain('>“$” less “:”<')
  })

  it('draws what no view is of by its axes alone, and says which of its variables', () => {
    expect(figures).toMatch(
      /ablation: zero, loss[^<]*, one of \d+ variables, in windows of up to 8 tokens/
    )
    expect(figures).toMatch(/analyse ablation letters .*--window 8 --provider cpu --out/)
    // What another figure is made of is not drawn again.
    expect(figures).not.toContain('random-repeat')
  })

  it('has the command of a corpus, too', () => {
    expect(numbers).toMatch(
      /analyse ANALYSIS letters --text [^<]* --text [^<]* --window 8 --provider/
    )
    expect(numbers).toMatch(
      /analyse ANALYSIS letters .* --window 8 --provider cpu --out numbers\.csv SETTINGS/
    )
  })

  it('has one command for all results of the same text, and the settings of each', () => {
    const commands = [...numbers.matchAll(/lamella -- analyse ANALYSIS [^<]* SETTINGS/g)]
    const texts = commands.map(([command]) => command)
    expect(texts).toHaveLength(new Set(texts).size)
    expect(numbers.split('<tr>').length).toBeGreaterThan(3 * texts.length)
    expect(numbers).toContain(
      '<td dir="auto">why</td><td dir="auto"><code>--set at=last:3-10</code></td>'
    )
  })

  it('names tokens by their letters alone', () => {
    expect(figures).toMatch(/gradient × input: logit of “.{1,9}” after 3 of letters/)
  })
})

describe('a report of a session as PDF', () => {
  it('says the same, on pages, of the same figures', async () => {
    const bytes = new Uint8Array(await report('paper.pdf'))
    const pdf = await getDocument({ data: bytes, verbosity: 0 }).promise
    let text = ''
    for (let i = 1; i <= pdf.numPages; i++) {
      const { items } = await (await pdf.getPage(i)).getTextContent()
      text += items.map(item => ('str' in item ? item.str : '')).join('')
    }
    for (const words of [
      'Held: ',
      'Failed: ',
      '(a) Head 1.3',
      '<img src=x onerror',
      'key, attended to'
    ])
      expect(text.replaceAll(' ', '')).toContain(words.replaceAll(' ', ''))
    expect(text).toMatch(/שלום/)
    const outline = (await pdf.getOutline()) as { title: string }[]
    expect(outline.map(({ title }) => title)).toEqual([
      ...['Notes', 'Findings', 'Models', 'Texts and edits', 'Figures', 'Settings', 'Numbers'],
      'Provenance'
    ])
    const { info } = await pdf.getMetadata()
    expect(info).toMatchObject({ Title: 'paper', Creator: 'Lamella' })
  })
})

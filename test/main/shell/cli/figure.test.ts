import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { decode } from 'fast-png'
import { getDocument } from 'pdfjs-dist/legacy/build/pdf.mjs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { predictionsOf } from '#common/analysis/predictions.ts'
import type { ModelInfo, Run } from '#common/contract/schemas.ts'
import { variable } from '#common/data/dataset.ts'
import type { FigureSpots } from '#common/figure/html/figure-spots.ts'
import { plainWish } from '#common/figure/presets.ts'
import { windowsOfText, type FigureSource } from '#common/figure/views/figure-view.ts'
import { figureViewNamed, figureViews } from '#common/figure/views/registry.ts'
import { Json } from '#common/model/json.ts'
import { tokenText } from '#common/text/token-text.ts'
import { millimetres } from '../../../../src/main/shell/cli/figure.ts'
import { goingOf } from '#common/figure/made/going.ts'
import type { Workbench } from '../../../../src/main/workbench/workbench.ts'
import { commandLine, type CommandLine } from '../../../command-line.ts'
import { folderWithWeights } from '../../../bad/weights.ts'
import { golden } from '../../../golden/models.ts'
import { trainingFolder } from '../../../golden/training.ts'
import { hebrew, shakespeare, startWorkbench } from '../../../golden/workbench.ts'

const text = 'To be, or not to be'
const folder = mkdtempSync(join(tmpdir(), 'lamella-figures-'))
let workbench: Workbench
let commands: CommandLine
beforeAll(async () => {
  workbench = await startWorkbench()
  commands = commandLine(workbench)
})
afterAll(async () => {
  await workbench.close()
  commands.close()
})

const lamella = (...words: readonly string[]) => commands.run(...words)
/** The words of the command that a figure carries, with these folders and this file. */
function again(svg: Buffer, path: string): string[] {
  const [, command] = /Again: npm run --silent lamella -- (.*? --out [\w.]+)/.exec(svg.toString())!
  const typed = { 'shakespeare-char': shakespeare, 'hebrew-minigpt': hebrew }
  return [...command!.replaceAll('&quot;', '"').matchAll(/'([^']*)'|(\S+)/g)].map(
    ([, own, bare]) => {
      const word = own ?? bare!
      if (/^figure\.\w+$/.test(word)) return path
      return word in typed ? typed[word as keyof typeof typed] : word
    }
  )
}
const drawn = async (name: string, ...words: readonly string[]) => {
  const path = join(folder, name)
  const told = await lamella('figure', shakespeare, '--out', path, ...words)
  expect(told).toMatchObject({ status: 0, error: '' })
  return { ...told, bytes: readFileSync(path) }
}
const attention = ['--view', 'attention', '--set', 'layer=1', '--set', 'head=3', '--text', text]

describe('figure', () => {
  it.each(['svg', 'tex', 'html', 'png', 'tiff'])(
    'is the same file again by the command in it, with all that was wished for: %s',
    async ending => {
      const own = ['--width', '70mm', '--points', '6', '--font', 'serif', '--background', 'none']
      const wish = ['--preset', 'ieee', '--letter', 'b', '--title', '--dpi', '150', ...own]
      const { bytes } = await drawn(`wished.${ending}`, ...attention, ...wish)
      const path = join(folder, `again.${ending}`)
      const words = again(bytes, path)
      expect(words).toContain('--letter')
      expect(await lamella(...words)).toMatchObject({ status: 0, error: '' })
      expect(readFileSync(path).equals(bytes)).toBe(true)
    }
  )

  it('is a PDF in the width of a preset, with the command that makes it again', async () => {
    const { bytes, out } = await drawn('map.pdf', ...attention, '--preset', 'icml')
    expect(out).toContain('shakespeare-char · Head 1.3 · attention, 82.55 × ')
    const data = new Uint8Array(bytes)
    const pdf = await getDocument({ data, verbosity: 0 }).promise
    const page = await pdf.getPage(1)
    expect(page.view[2]).toBeCloseTo((82.55 / 25.4) * 72, 3)
    const { info } = await pdf.getMetadata()
    expect((info as { Subject: string }).Subject).toContain(
      "Again: npm run --silent lamella -- figure shakespeare-char --view attention --set layer=1 --set head=3 --text 'To be, or not to be'"
    )
    // A paper's caption has the title.
    const { items } = await page.getTextContent()
    const words = items.map(item => ('str' in item ? item.str : '')).join('')
    expect(words).toContain('attended to')
    expect(words).not.toContain('shakespeare-char')
  })

  it('is so many pixels an inch of a width of its own', async () => {
    const { bytes } = await drawn('map.png', ...attention, '--width', '3in', '--dpi', '200')
    expect(decode(bytes).width).toBe(600)
  })

  it('is an SVG document that brings its fonts', async () => {
    const { bytes } = await drawn('map.svg', ...attention)
    expect(bytes.toString()).toContain("@font-face{font-family:'JetBrains Mono'")
    expect(bytes.toString()).toContain('<desc>Made by Lamella 1.2.3')
  })

  it('is in the letters of a LaTeX document by its preset, unless others are asked for', async () => {
    const tex = [...attention, '--preset', 'tex']
    const { bytes } = await drawn('latex.svg', ...tex)
    const [brought, drawing] = bytes.toString().split('</style>')
    expect(brought!.includes("@font-face{font-family:'CMU Serif'")).toBe(true)
    expect(drawing).toMatch(/'CMU Serif', Tinos[^>]*>← query</)
    expect(drawing).not.toContain('Inter')
    expect(again(bytes, 'x.svg')).not.toContain('--font')
    const { bytes: pdf } = await drawn('latex.pdf', ...tex)
    expect(/\/FontName \/[A-Z]{6}\+CMUSerif/.test(pdf.toString('latin1'))).toBe(true)
    expect(pdf.toString('latin1').includes('+Inter')).toBe(false)
    const { bytes: plain } = await drawn('plain.svg', ...tex, '--font', 'sans')
    expect(plain.toString().includes('CMU Serif')).toBe(false)
    expect(again(plain, 'x.svg').join(' ')).toContain('--preset tex --font sans')
  })

  it('is its numbers alone, by the ending, with the command that gives these again', async () => {
    const { bytes, out } = await drawn('map.csv', ...attention)
    expect(out).toContain('map.csv: 1 variable\n')
    const [head, ...rows] = bytes
      .toString()
      .split('\r\n')
      .filter(line => line !== '' && !line.startsWith('#'))
    expect(head).toBe('query,query_label,key,key_label,weight')
    const last = rows.filter(row => row.startsWith('18,')).map(row => Number(row.split(',').at(-1)))
    expect(last.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 3)
    const again =
      /^# from: Again: .* -- figure shakespeare-char --view attention .* --out numbers\.csv$/m
    expect(bytes.toString()).toMatch(again)
    const { bytes: json } = await drawn('map.json', ...attention)
    const { variables } = JSON.parse(json.toString()) as {
      variables: { weight: { data: number[][] } }
    }
    expect(variables.weight.data.at(-1)).toEqual(last)
  })

  it('is a notebook that draws it again', async () => {
    const { bytes, out } = await drawn('map.ipynb', ...attention)
    expect(out).toContain('map.ipynb: shakespeare-char · Head 1.3 · attention')
    const notebook = JSON.parse(bytes.toString()) as { cells: { id: string; source: string }[] }
    const source = (id: string) => notebook.cells.find(cell => cell.id === id)!.source
    expect(source('about')).toContain('--view attention --set layer=1')
    expect(source('drawn')).toContain('data["weight"]')
    expect(source('torch')).toContain('compare(attentions[1, 3], "weight", "pattern")')
  })

  it('is a page that stands by itself', async () => {
    const { bytes } = await drawn('map.html', ...attention)
    const page = bytes.toString()
    expect(page).toContain(
      '<meta http-equiv="Content-Security-Policy" content="default-src \'none\''
    )
    expect(page).toContain('<title>shakespeare-char · Head 1.3 · attention</title>')
    expect(page).toContain('--view attention --set layer=1')
    expect(page.match(/<script/g)).toHaveLength(2)
    expect(page).not.toMatch(/(src|href)="https?:/)
    const [, spots] = /id="spots">([^<]*)</.exec(page)!
    const { grids } = JSON.parse(spots!) as FigureSpots
    expect(grids[0]!.values).toHaveLength(text.length ** 2)
  })

  it('is of the checkpoints beside a model, with a text where their number is of one', async () => {
    const training = await trainingFolder(
      shakespeare,
      { 2: { factor: 0, of: /c_attn/ }, 10: { factor: 1, of: /^$/ } },
      ['config.json', 'tokenizer.json']
    )
    const out = join(folder, 'timeline.svg')
    const words = ['figure', join(training, 'checkpoint-10'), '--view', 'timeline', '--out', out]
    expect(await lamella(...words)).toMatchObject({
      status: 1,
      error: expect.stringContaining('A text is needed') as string
    })
    const told = await lamella(...words, '--text', text, '--set', 'of=head-scores.induction')
    expect(told).toMatchObject({ status: 0, error: '' })
    expect(told.out).toContain('induction by step')
    const svg = readFileSync(out, 'utf8')
    expect(svg).toContain('figure checkpoint-10 --view timeline --set of=head-scores.induction')
    expect(svg).toContain(`--text '${text}'`)
  })

  it.each([
    ['products', ['layer=1', 'head=3', 'order=size'], 'Head 1.3, query 18, key '],
    ['scores', ['layer=1', 'head=3', 'query=7', 'key=2'], 'Head 1.3, query 7, key 2 · scores'],
    ['lines', ['layer=1', 'heads=[0,3]'], 'shakespeare-char · Head 1.0, Head 1.3 · lines'],
    ['atlas-map', ['score=entropy'], 'heads · entropy, nats', '8'],
    ['atlas-scatter', ['x=self'], 'heads · self and induction', '8'],
    ['offsets', ['layer=3', 'head=0'], 'heads · Head 3.0, attention by offset', '8']
  ])('is of the view %s', async (view, settings, title, window?: string) => {
    const set = settings.flatMap(own => ['--set', own])
    if (window !== undefined) set.push('--window', window)
    const { out, bytes } = await drawn(`${view}.svg`, '--view', view, ...set, '--text', text)
    expect(out).toContain(title)
    expect(bytes.toString()).toContain(`--view ${view} `)
    expect(bytes.length).toBeGreaterThan(10_000)
  })

  it.each([
    ['all-heads', ['layers=[1,3]'], '>head 0<'],
    ['predictions', ['shade=rank', 'token=3'], '· rank of tokens<'],
    ['head-contexts', ['layer=1', 'head=3', 'drawn=2'], '· contexts by ', '8'],
    ['head-distribution', ['layer=1', 'head=3'], '>mean ', '8'],
    ['head-groups', ['form=matrix'], '>distance, nats a query<', '8'],
    ['text', ['layer=1', 'unit=word', 'side=to', 'token=3'], '>attention to 3 be,']
  ])('is of the view %s, with what it shows', async (view, settings, shown, window?: string) => {
    const set = settings.flatMap(own => ['--set', own])
    if (window !== undefined) set.push('--window', window)
    const { bytes } = await drawn(`${view}.svg`, '--view', view, ...set, '--text', text)
    expect(bytes.toString()).toContain(shown)
  })

  it.each([
    ['attention', ['layer=1', 'head=3', 'query=7', 'first_token=hidden', 'colors=viridis']],
    ['all-heads', ['first_token=hidden', 'scale=linear']],
    ['model-lines', ['layers=[0,2]', 'first_token=hidden', 'range=fixed']],
    ['aggregate', ['how=max', 'layers=[0,1]']],
    ['logit-lens', []],
    ['predictions', ['shade=entropy', 'token=3', 'range=fixed']],
    ['predictions', ['shade=rank', 'form=text', 'token=3', 'line=120']],
    ['head-contexts', ['layer=1', 'head=3', 'by=range', 'seed=4', 'first_token=hidden']],
    ['head-distribution', ['layer=1', 'head=3', 'score=entropy']],
    ['head-groups', ['by=scores', 'groups=3', 'form=map']],
    ['text', ['layer=1', 'head=3', 'first_token=hidden', 'line=120']]
  ])('is made again by the command that it carries: %s', async (view, settings) => {
    const set = settings.flatMap(own => ['--set', own])
    const { bytes } = await drawn(`first-${view}.svg`, '--view', view, ...set, '--text', text)
    const path = join(folder, `again-${view}.svg`)
    await lamella(...again(bytes, path))
    expect(readFileSync(path).equals(bytes)).toBe(true)
  })

  it.each([
    ['maps', ['score=self'], '>hebrew-minigpt<', ['--window', '8']],
    ['depth', ['quantity=value'], '>depth: 0 is ', ['--with-window', '7']],
    ['kinds', [], '>previous token<', []]
  ] as const)('is of two models, each on a text, as %s', async (form, settings, shown, cut) => {
    const set = [`form=${form}`, ...settings].flatMap(own => ['--set', own])
    const view = ['--view', 'compared-heads', '--with', hebrew, '--text', text]
    const edit = JSON.stringify({
      hook: 'blocks.1.attn.hook_z',
      at: { head: [2] },
      scale: 0,
      add: 'mean'
    })
    const other = ['--with-text', 'בראשית ברא אלהים', '--with-edit', edit, ...cut]
    const { bytes } = await drawn(`two-${form}.svg`, ...view, ...other, ...set)
    expect(bytes.toString()).toContain(shown)
    expect(bytes.toString()).toMatch(/Text: To be[^]*Edits: none[^]*Beside:[^]*Edits: [^n]/)
    const path = join(folder, `again-two-${form}.svg`)
    await lamella(...again(bytes, path))
    expect(readFileSync(path).equals(bytes)).toBe(true)
  })

  describe('of heads, read by sentences', () => {
    const texts = ['Hear me speak, hear me speak.', 'We know it, we know it.']
    const file = (name: string, text: string) => {
      writeFileSync(join(folder, name), text)
      return ['--text-file', join(folder, name)]
    }
    const parted = [...file('both.txt', texts.join(' ')), '--sentences']

    it.each([
      ['atlas-map', '--set', 'score=distance'],
      ['atlas-scatter'],
      ['offsets', '--set', 'layer=1', '--set', 'head=0'],
      ['head-groups'],
      ['head-groups', '--set', 'by=scores'],
      ['head-contexts', '--set', 'layer=1', '--set', 'head=0'],
      ['head-distribution', '--set', 'layer=1', '--set', 'head=0']
    ])('is of each as of a text of its own: %s %s %s', async (...view) => {
      const numbersOf = async (...read: readonly string[]) => {
        const path = join(folder, 'heads.json')
        const words = ['--view', ...view, ...read, '--provider', 'cpu', '--out', path]
        // How far it is is said beside.
        expect(await lamella('figure', shakespeare, ...words)).toMatchObject({ status: 0 })
        return JSON.parse(readFileSync(path, 'utf8')) as {
          variables: unknown
          attributes: { from: string[] }
        }
      }
      const alone = await numbersOf(...texts.flatMap((text, i) => file(`${i}.txt`, text)))
      const { variables, attributes } = await numbersOf(...parted)
      expect(variables).toEqual(alone.variables)
      expect(attributes.from.join()).toContain('over 2 sentences of both.txt')
    })

    it('says that a model beside it has windows of so many tokens', async () => {
      const path = join(folder, 'compared.json')
      const [, whole] = file('whole.txt', texts.join(' '))
      const other = ['--with', shakespeare, '--with-text-file', whole!, '--with-window', 'none']
      const beside = [...other, '--set', 'quantity=value', '--out', path]
      const words = ['--view', 'compared-heads', ...parted, ...beside]
      expect(await lamella('figure', shakespeare, ...words)).toMatchObject({ status: 0 })
      expect(readFileSync(path, 'utf8')).toContain(
        'Windows differ: a sentence each in the first, 128 tokens in the second.'
      )
    })

    it('says that windows of a model beside it begin otherwise', async () => {
      const path = join(folder, 'strides.json')
      const cut = ['--window', '8', '--with', shakespeare, '--with-stride', '4', '--out', path]
      const words = ['--view', 'compared-heads', ...file('strides.txt', texts.join(' ')), ...cut]
      expect(await lamella('figure', shakespeare, ...words)).toMatchObject({ status: 0 })
      expect(readFileSync(path, 'utf8')).toContain(
        'Strides differ: windows follow one another in the first, begin every 4 tokens in the second.'
      )
    })
  })

  it('is of one model with an edit, less without', async () => {
    const view = ['--view', 'compared-heads', '--with', shakespeare, '--text', text]
    const { bytes } = await drawn('less.svg', ...view, '--set', 'maps=difference')
    expect(bytes.toString()).toContain('>the first, less the second<')
  })

  it('is of the weights alone, too', async () => {
    const { out } = await drawn('bars.tiff', '--view', 'parameters', '--preset', 'acl')
    expect(out).toContain('shakespeare-char · parameters, 77.00 × ')
  })

  it('is of weights by layer', async () => {
    const set = ['role=W_O', 'statistic=alpha'].flatMap(own => ['--set', own])
    const { bytes } = await drawn('layers.svg', '--view', 'weights-by-layer', ...set)
    expect(bytes.toString()).toContain('>power law α<')
    expect(bytes.toString()).toContain('>mean of heads<')
  })

  it('is of variances of rows as boxes by layer', async () => {
    const set = ['role=W_in', 'statistic=variance_rows'].flatMap(own => ['--set', own])
    const { bytes } = await drawn('boxes.svg', '--view', 'weights-by-layer', ...set)
    expect(bytes.toString()).toContain('>variances of rows<')
    expect(bytes.toString()).toContain('>median, quartiles, smallest and largest<')
  })

  it('is of how the block is built', async () => {
    const { bytes } = await drawn('architecture.svg', '--view', 'architecture')
    expect(bytes.toString()).toMatch(/>Layers 0–\d+ · \d+ alike</)
    expect(bytes.toString()).toContain('--view architecture ')
  })

  it('is of how large the tensors of each layer are', async () => {
    const { bytes } = await drawn('health.svg', '--view', 'health')
    expect(bytes.toString()).toContain('>6 tensors<')
    expect(bytes.toString()).toContain('--view health ')
  })

  it.each([
    ['heads', ['number=K_composition', 'head=[1,0]'], '>layer<'],
    ['matrix', ['number=Q_composition'], '>later head that reads →<'],
    ['tree', ['by=ward_QK'], '>height, distance of QK circuit<'],
    ['eigenvalues', ['circuit=qk', 'head=[2,1]'], '>imaginary part<']
  ])('is of heads by their weights, as %s', async (form, settings, shown) => {
    const set = [`form=${form}`, ...settings].flatMap(own => ['--set', own])
    const { bytes } = await drawn(`circuits-${form}.svg`, '--view', 'circuits', ...set)
    expect(bytes.toString()).toContain(shown)
    expect(bytes.toString()).toContain('--view circuits ')
  })

  it.each([
    ['layers', ['statistic=cosine'], '>cosine<'],
    ['spectrum', ['tensor=transformer.h.0.attn.c_attn.weight'], '>σ of the change<']
  ])('is of what changed between two checkpoints, as %s', async (form, settings, shown) => {
    const set = [`form=${form}`, ...settings].flatMap(own => ['--set', own])
    const other = await folderWithWeights(shakespeare, {
      'transformer.h.0.attn.c_attn.weight': { at: 3, value: 2 }
    })
    const view = ['--view', 'checkpoints', '--with', other]
    const { bytes } = await drawn(`checkpoints-${form}.svg`, ...view, ...set)
    expect(bytes.toString()).toContain(shown)
    expect(bytes.toString()).toContain('--view checkpoints --with shakespeare-char')
  })

  it.each([
    ['bars', 'method=ig', '>integrated gradients, logit of '],
    ['map', 'method=occlusion', '>depends on →<'],
    ['map', 'method=ig', '>integrated gradients<'],
    ['heads', 'measure=head_x_gradient', '>output × gradient<'],
    ['head', 'head=1', '>attention × gradient<']
  ])('saliency says what a number depends on, as %s', async (form, by, shown) => {
    const of = form === 'map' ? 'logit:top' : 'logit:5:10'
    const set = [`of=${of}`, `form=${form}`, by, 'steps=2'].flatMap(own => ['--set', own])
    const { bytes } = await drawn(
      `saliency-${form}.svg`,
      '--view',
      'saliency',
      ...set,
      '--text',
      text
    )
    expect(bytes.toString()).toContain(shown)
    expect(bytes.toString()).toContain(`--view saliency --set of=${of} --set form=${form}`)
  })

  it.each([
    ['sum', '>attention 3<'],
    ['heads', '>effect, logits<'],
    ['neurons', '>neuron '],
    ['tokens', '>given by reading it, all heads, logits<']
  ])('direct logit attribution says what a logit is the sum of, as %s', async (form, shown) => {
    const view = ['--view', 'direct-logit-attribution']
    const set = ['--set', 'at=5:10', '--set', `form=${form}`]
    const { bytes } = await drawn(`direct-${form}.svg`, ...view, ...set, '--text', text)
    expect(bytes.toString()).toContain(shown)
    expect(bytes.toString()).toContain(
      `--view direct-logit-attribution --set at=5:10 --set form=${form}`
    )
  })

  it.each([
    ['sum', '>embedding<'],
    ['parts', '>MLP 3<'],
    ['heads', '>effect, logits<']
  ])('why says what makes one token more probable, as %s', async (form, shown) => {
    const set = ['--set', 'at=last:10-20', '--set', `form=${form}`]
    const { bytes } = await drawn(`why-${form}.svg`, '--view', 'why', ...set, '--text', text)
    expect(bytes.toString()).toContain(shown)
    expect(bytes.toString()).toContain('--view why --set at=last:10-20')
  })

  it.each([
    ['contexts', '>Highest · 10 of 19 tokens<'],
    ['histogram', '>activation · axis finer near 0<'],
    ['writes', '>logits, for an activation of 1<'],
    ['reads', '>by the embedding of<'],
    ['activity', '>share of tokens at which it is active<']
  ])('neuron says what one responds to and writes, as %s', async (form, shown) => {
    const set = ['layer=2', 'unit=17', `form=${form}`].flatMap(own => ['--set', own])
    const { bytes } = await drawn(`neuron-${form}.svg`, '--view', 'neuron', ...set, '--text', text)
    expect(bytes.toString()).toContain(shown)
    expect(bytes.toString()).toContain('--view neuron --set layer=2 --set unit=17')
  })

  it('neurons of experts have their names in titles and among the parts of why', async () => {
    const path = join(folder, 'expert.svg')
    const words = ['figure', join(golden, 'mixtral'), '--tokens', '5,17,3', '--out', path]
    const neuron = ['--view', 'neuron', '--set', 'layer=1', '--set', 'unit=45']
    expect(await lamella(...words, ...neuron, '--set', 'form=activity')).toMatchObject({
      status: 0
    })
    expect(readFileSync(path, 'utf8')).toMatch(/Neuron 1\.45 \(expert \d, neuron \d+\)/)
    const why = ['--view', 'why', '--set', 'at=last:10-20', '--set', 'form=parts']
    expect(await lamella(...words, ...why)).toMatchObject({ status: 0 })
    expect(readFileSync(path, 'utf8')).toMatch(/>neuron \d\.\d+ \(expert \d, neuron \d+\)</)
  })

  it.each([
    ['layers', ['hook=hook_mlp_out'], '>norm<'],
    ['units', ['hook=mlp.hook_post', 'layer=2'], '>unit →<'],
    ['histogram', ['hook=attn.hook_z', 'layer=1'], '>values<']
  ])('activations are of any hook, as %s', async (form, settings, shown) => {
    const set = [`form=${form}`, ...settings].flatMap(own => ['--set', own])
    const { bytes } = await drawn(`of-${form}.svg`, '--view', 'activations', ...set, '--text', text)
    expect(bytes.toString()).toContain(shown)
    expect(bytes.toString()).toMatch(new RegExp(`--view activations .*--set form=${form}`))
  })

  it.each([
    ['layers', [], '>norm of the step<'],
    ['layers', ['measure=cosine_input'], '>cosine, input<'],
    ['tokens', ['layer=1'], '>cosine, after block 1<'],
    ['word', ['word=o', 'layer=input'], '>cosine, the input<'],
    ['anisotropy', [], '>any two tokens<']
  ])('hidden states change from layer to layer, as %s', async (form, settings, shown) => {
    const set = [`form=${form}`, ...settings].flatMap(own => ['--set', own])
    const { bytes } = await drawn(
      `hidden-${form}.svg`,
      '--view',
      'hidden-states',
      ...set,
      '--text',
      text
    )
    expect(bytes.toString()).toContain(shown)
    expect(bytes.toString()).toMatch(new RegExp(`--view hidden-states .*--set form=${form}`))
  })

  it.each([
    ['nearest', ['tokens=e', 'measure=euclidean'], '>Euclidean distance<'],
    ['nearest', ['tokens="3"', 'of=input', 'top=3'], '>cosine<'],
    ['dimensions', ['tokens=K', 'end=lowest'], '>value<'],
    ['tokens', ['dimension=5'], '>value<'],
    ['similarity', ['tokens=["K","e","€",5]', 'measure=centred'], 'without &quot;€&quot;'],
    ['analogy', ['tokens=["a","A","E"]', 'rows=raw'], 'rows as they are<']
  ])('words stand by their vectors, as %s of %j', async (form, settings, shown) => {
    const set = [`form=${form}`, ...settings].flatMap(own => ['--set', own])
    const { bytes } = await drawn(`words-${form}.svg`, '--view', 'words', ...set)
    expect(bytes.toString()).toContain(shown)
    const path = join(folder, `words-${form}-again.svg`)
    expect(await lamella(...again(bytes, path))).toMatchObject({ status: 0, error: '' })
    expect(readFileSync(path).equals(bytes)).toBe(true)
  })

  it.each([
    ['matrix', [], '>what a position adds<'],
    ['similarity', ['pooling=mean'], '>cosine of two positions<'],
    ['curves', ['dimensions=[7]'], '>7<'],
    [
      'matrix',
      ['reach=1', 'table={"kind":"sinusoidal","length":8,"width":4,"base":100}'],
      '>Sinusoidal, base 100 · matrix of positions<'
    ],
    ['wavelengths', ['table={"kind":"rotary","dims":8,"base":500}'], '>the longest text<'],
    ['biases', ['table={"kind":"alibi","heads":4}'], '>head 3<'],
    ['matrix', ['trained=64'], '>position 64 on: beyond the training length<']
  ])('positions are told as %s of %j', async (form, settings, shown) => {
    const set = [`form=${form}`, ...settings].flatMap(own => ['--set', own])
    const { bytes } = await drawn('positions.svg', '--view', 'positions', ...set)
    expect(bytes.toString()).toContain(shown)
    const path = join(folder, 'positions-again.svg')
    expect(await lamella(...again(bytes, path))).toMatchObject({ status: 0, error: '' })
    expect(readFileSync(path).equals(bytes)).toBe(true)
  })

  it('embeddings and positions of a text add up to what is drawn', async () => {
    const words = ['--view', 'embedding-sum', '--set', 'part=position', '--text', text]
    const { bytes } = await drawn('sum.svg', ...words)
    expect(bytes.toString()).toContain('>shakespeare-char · what positions add<')
    const path = join(folder, 'sum-again.svg')
    expect(await lamella(...again(bytes, path))).toMatchObject({ status: 0, error: '' })
    expect(readFileSync(path).equals(bytes)).toBe(true)
  })

  it.each([
    ['vocabulary', ['form=lengths', 'search=A'], 'Vocabulary: 2 found'],
    ['vocabulary', ['form=kinds'], 'letters'],
    ['vocabulary', ['form=scripts', 'kind=letters'], 'Latin']
  ])('%s is counted by the tokenizer alone, as %j', async (view, settings, shown) => {
    const set = settings.flatMap(own => ['--set', own])
    const { bytes } = await drawn('vocabulary.svg', '--view', view, ...set)
    expect(bytes.toString()).toContain(shown)
    const path = join(folder, 'vocabulary-again.svg')
    expect(await lamella(...again(bytes, path))).toMatchObject({ status: 0, error: '' })
    expect(readFileSync(path).equals(bytes)).toBe(true)
  })

  it('tokens are counted by one tokenizer or two, and by words, characters and bytes', async () => {
    const alone = await drawn('tokens.svg', '--view', 'tokens', '--text', text)
    // Each letter is a token of its own.
    expect(alone.bytes.toString().match(/>19 · 3.17 a word</g)).toHaveLength(3)
    expect(alone.bytes.toString()).toContain('>7 · 1.17 a word<')
    const two = ['--view', 'tokens', '--with', hebrew, '--text', '. .']
    const { bytes } = await drawn('tokens-two.svg', ...two)
    expect(bytes.toString()).toContain('hebrew-minigpt')
    const path = join(folder, 'tokens-again.svg')
    expect(await lamella(...again(bytes, path))).toMatchObject({ status: 0, error: '' })
    expect(readFileSync(path).equals(bytes)).toBe(true)
  })

  it.each([
    ['map', ['parts=0:3, 380:384'], '>383<'],
    ['map', ['parts=0:3, 380:384; 5', 'range=fixed'], '>5:6, 0:384<'],
    ['histogram', [], '>normal of this mean and sd<'],
    ['row-norms', [], '>row<'],
    ['spectrum', [], '>σ<'],
    ['components', [], ' of variance<'],
    ['components-share', [], '>share of the variance of rows<'],
    ['cumulative', [], '>share of ‖W‖²<']
  ])('is of a tensor, as %s', async (form, settings, shown) => {
    const tensor = 'tensor=transformer.h.0.attn.c_attn.weight'
    const set = [tensor, `form=${form}`, ...settings].flatMap(own => ['--set', own])
    const { bytes } = await drawn(`tensor-${form}.svg`, '--view', 'tensor', ...set)
    expect(bytes.toString()).toContain(shown)
    expect(bytes.toString()).toContain('--view tensor ')
  })

  it('is of parts of a tensor, whose colours go as far as theirs or, fixed, as those of all, and makes itself again', async () => {
    const view = ['--view', 'tensor', '--set', 'tensor=transformer.h.0.attn.c_attn.weight']
    const parts = ['--set', 'parts=0:3, 380:384; 5, :20']
    const own = await drawn('parts.svg', ...view, ...parts)
    const fixed = await drawn('parts-fixed.svg', ...view, ...parts, '--set', 'range=fixed')
    const whole = await drawn('parts-whole.svg', ...view)
    const highest = ({ bytes }: typeof own) =>
      Math.max(...[...bytes.toString().matchAll(/>(\d\.\d+)</g)].map(([, value]) => Number(value)))
    expect(highest(own)).toBeLessThan(highest(whole))
    expect(highest(fixed)).toBe(highest(whole))
    const path = join(folder, 'parts-again.svg')
    expect(await lamella(...again(own.bytes, path))).toMatchObject({ status: 0, error: '' })
    expect(readFileSync(path).equals(own.bytes)).toBe(true)
  })

  it.each([
    [['--view', 'checkpoints'], "give the other one's folder by --with"],
    [['--view', 'health', '--with', 'x'], 'health is of one model: leave out --with'],
    [['--view', 'compared-heads', '--text', 'a'], "give the other one's folder by --with"],
    [
      [...attention, '--with-text', 'a'],
      'attention is of no other model’s text: leave out --with-text'
    ],
    [[...attention, '--with-set', 'head=1'], 'leave out --with-view and --with-set'],
    [[...attention, '--with-edit', '{"hook":"ln_final.hook_scale","scale":0}'], '--with-edit'],
    [
      ['--view', 'checkpoints', '--with', hebrew, '--sides', 'beside'],
      'checkpoints compares two models by itself: leave out --sides'
    ],
    [[...attention, '--sides', 'difference', '--with-text', 'a'], 'No difference: 19 and 1 tokens'],
    [
      [...attention, '--sides', 'difference', '--with-view', 'parameters'],
      'parameters: nothing of it can be taken from attention'
    ],
    [
      ['--view', 'parameters', '--sides', 'difference', '--with', hebrew],
      'parameters: one cannot be taken from the other'
    ],
    [
      [
        ...['--view', 'compared-heads', '--with', hebrew, '--set', 'maps=difference'],
        ...['--text', 'a', '--with-text', 'ש']
      ],
      'heads at the same place are compared only in models of one shape and vocabulary'
    ],
    [
      ['--view', 'compared-heads', '--with', shakespeare, '--text', 'a', '--set', 'score=x'],
      'x: heads have no such score; there are previous_token'
    ],
    [
      ['--view', 'tensor', '--set', 'tensor=lm_head.weight', '--set', 'parts=0:3; 99'],
      'parts: 0:3; 99: There are 65 rows, from 0 on.'
    ],
    [['--view', 'words'], 'form=nearest is of one word: set tokens'],
    [['--view', 'words', '--set', 'tokens=["a","b"]'], 'form=nearest is of one word: tokens has 2'],
    [['--view', 'words', '--set', 'form=tokens'], 'form=tokens is of a dimension: set dimension'],
    [
      ['--view', 'words', '--set', 'form=analogy', '--set', 'tokens=["a","b"]'],
      'form=analogy is of three words'
    ],
    [
      ['--view', 'positions', '--set', 'form=slopes'],
      'form=slopes: there is none of these positions'
    ],
    [
      ['--view', 'positions', '--set', 'form=curves', '--set', 'dimensions=[128]'],
      'dimension 128 is outside 0…127'
    ],
    [['--view', 'nothing'], 'nothing: no figure of that name; there are attention,'],
    [
      ['--view', 'attention'],
      'attention is of one text: give --text, --text-file or --tokens once'
    ],
    [['--view', 'attention', '--set', 'layer=1', '--text', 'a'], 'attention: head: '],
    [
      ['--view', 'attention', '--set', 'layer=1', '--set', 'head=9', '--text', 'a'],
      'head 9 is outside 0…3'
    ],
    [[...attention, '--window', '3'], 'attention is of one text, which is not cut'],
    [[...attention, '--corpus', 'a'], 'attention is of one text: leave out --corpus'],
    [['--view', 'neuron'], 'neuron is of texts: give --text, --text-file or --tokens'],
    [['--view', 'health', '--window', '3'], 'health is of no corpus: leave out --corpus'],
    [
      ['--view', 'atlas-map', '--text', 'a', '--text', 'b', '--stride', '3'],
      '--stride needs --window'
    ],
    [[...attention, '--set', 'query=99'], 'query 99 is outside 0…18']
  ])('%s is refused in words', async (words, reason) => {
    const { status, error } = await lamella(
      'figure',
      shakespeare,
      '--out',
      join(folder, 'x.pdf'),
      ...words
    )
    expect(status).not.toBe(0)
    expect(error).toContain(reason)
  })

  it('is not written over a text that its params have it count tokens in', async () => {
    const path = join(folder, 'counted.csv')
    writeFileSync(path, text)
    const counted = `counted={"name":"x","inputs":[{"path":"${path}"}],"window":16}`
    const points = ['--view', 'projector', '--set', 'set=input', '--set', 'color=frequency']
    for (const words of [
      ['--set', counted],
      ['--sides', 'beside', '--with-set', counted]
    ]) {
      const told = await lamella('figure', shakespeare, '--out', path, ...points, ...words)
      expect(told.status).not.toBe(0)
      expect(told.error).toContain('counted.csv')
      expect(readFileSync(path, 'utf8')).toBe(text)
    }
  })

  it('takes a list of one word for the word', async () => {
    const words = ['--view', 'words', '--set', 'top=3', '--set']
    const [one, listed] = [
      await drawn('word.json', ...words, 'tokens=e'),
      await drawn('words.json', ...words, 'tokens=["e"]')
    ].map(({ bytes }) => (JSON.parse(bytes.toString()) as { variables: object }).variables)
    expect(listed).toEqual(one)
  })

  it('of a text says why the model cannot run it, and not that it has no layers', async () => {
    const model = join(folder, 'not-described')
    cpSync(hebrew, model, { recursive: true })
    rmSync(join(model, 'lamella.json'))
    const { status, error } = await lamella(
      ...['figure', model, '--out', join(folder, 'x.svg'), ...attention]
    )
    expect(status).toBe(1)
    expect(error).toContain('not-described: ')
    expect(error).not.toContain('outside')
  })

  it('is listed with its params', async () => {
    const { out } = await lamella('figures')
    expect(out).toMatch(/^headvis\n.*\n.*\n {2}sides {3}beside$/m)
    for (const { name } of figureViews) expect(out).toMatch(new RegExp(`^${name}$`, 'm'))
    expect(out).toContain('colors="magma"')
  })
})

describe('what figures are drawn of', () => {
  let model: ModelInfo
  let run: Run
  let source: FigureSource
  beforeAll(async () => {
    model = await commands.client.call('models.open', { path: shakespeare })
    const { path, fingerprint } = model
    const asked = { model: { path, fingerprint }, input: { text }, provider: 'cpu' } as const
    run = await commands.client.call('runs.start', { source: asked })
    const { input, ...same } = run.source
    source = {
      ...{ model, other: null, version: '1', run: () => Promise.resolve(run) },
      windows: () => Promise.resolve(windowsOfText(run, { window: 8, stride: null })),
      analysis: (name, params, reads = 'whole') => {
        const windows = typeof reads === 'string' ? {} : reads
        const corpus = reads === 'nothing' ? null : { inputs: [input], ...windows }
        const of = { ...same, corpus }
        return commands.client.call('analysis.run', { name, params: Json.parse(params), of })
      },
      going: asked => goingOf(commands.client, run, asked),
      tokenizer: {
        vocabulary: query => commands.client.call('text.vocabulary', { modelId: model.id, query }),
        split: text => commands.client.call('text.tokenize', { modelId: model.id, text })
      }
    }
  })
  it('logit-lens has in its top row what the model predicts, in the columns that are asked for', async () => {
    const made = await figureViewNamed('logit-lens').make(source, { by: 'rank', first: 3, end: 6 })
    const { panel } = made.draw({ ...plainWish, title: false })
    const marks = panel.kind === 'map' ? panel.marks : []
    const cells = marks.flatMap(mark =>
      mark.kind === 'text' && mark.align === 'center' && !mark.upright ? [mark] : []
    )
    const rows = [...new Set(cells.map(({ y }) => y))].sort((a, b) => a - b)
    // Below the positions, the text and what follows it.
    const top = cells.filter(({ y }) => y === rows[3]).map(({ text }) => text.slice(1, -1))
    const position = [3, 4, 5]
    const list = predictionsOf(await source.analysis('predictions', { position, top: 1 }))
    expect(top).toEqual(list.map(({ token }) => tokenText(token)))
  })

  const weights = async (view: string, params: object) =>
    variable((await figureViewNamed(view).make(source, params)).dataset(), 'weight').data
  /** Another way to it: the value of the run itself. */
  const pattern = async (layer: number, head: number) => {
    const hook = `blocks.${layer}.attn.hook_pattern`
    const { data } = await commands.client.call('runs.value', { runId: run.id, hook, index: head })
    return data
  }

  it('of a head is its pattern', async () => {
    expect([...(await weights('attention', { layer: 2, head: 1 }))]).toEqual([
      ...(await pattern(2, 1))
    ])
  })

  it('of all heads is the patterns of each', async () => {
    const all = [...(await weights('all-heads', { layers: [1, 3] }))]
    const size = run.tokens.length ** 2
    for (const [place, [layer, head]] of [
      [1, 0],
      [1, 3],
      [3, 2]
    ].entries()) {
      const at = [0, 3, 6][place]! * size
      expect(all.slice(at, at + size)).toEqual([...(await pattern(layer!, head!))])
    }
  })

  it('of the text is a row of a pattern, or a column', async () => {
    const own = await pattern(2, 1)
    const size = run.tokens.length
    const of = { layer: 2, head: 1, token: 5 }
    const row = [...(await weights('text', of))]
    expect(row.slice(0, 6)).toEqual([...own.slice(5 * size, 5 * size + 6)])
    expect(row.slice(6).every(Number.isNaN)).toBe(true)
    const column = [...(await weights('text', { ...of, side: 'to' }))]
    for (let query = 5; query < size; query++) expect(column[query]).toBe(own[query * size + 5])
  })

  it('of predictions is how probable each token was', async () => {
    const made = await figureViewNamed('predictions').make(source, { shade: 'probability' })
    const shown = [...variable(made.dataset(), 'probability').data]
    const position = run.tokens.map((_, at) => at).slice(0, -1)
    const all = predictionsOf(await source.analysis('predictions', { position, top: 65 }))
    for (const [at, { id }] of run.tokens.slice(1).entries()) {
      const own = all.find(({ position, token }) => position === at && token.id === id)!
      expect(shown[at + 1]).toBeCloseTo(own.probability, 5)
    }
  })

  it('of several heads is what they are together', async () => {
    const [a, b] = [await pattern(0, 1), await pattern(3, 2)]
    const heads = [
      [0, 1],
      [3, 2]
    ]
    const highest = await weights('aggregate', { how: 'max', heads })
    expect([...highest]).toEqual(Array.from(a, (value, i) => Math.max(value, b[i]!)))
    const mean = await weights('aggregate', { how: 'mean', heads })
    for (const [i, value] of mean.entries()) expect(value).toBeCloseTo((a[i]! + b[i]!) / 2, 6)
  })

  it('of products add up to the score of the strongest key of the last query', async () => {
    const of = { layer: 1, head: 2 }
    const scores = (await figureViewNamed('scores').make(source, of)).dataset()
    const last = run.tokens.length - 1
    const weights = [...variable(scores, 'weight').data]
    const row = (await pattern(1, 2)).slice(last * run.tokens.length)
    for (const [key, weight] of weights.entries()) expect(weight).toBeCloseTo(row[key]!, 3)
    const made = await figureViewNamed('products').make(source, of)
    const strongest = weights.indexOf(Math.max(...weights))
    expect(made.title).toContain(`Head 1.2, query ${last}, key ${strongest} · products`)
    const products = [...variable(made.dataset(), 'product').data]
    const sum = products.reduce((sum, value) => sum + value, 0)
    expect(sum).toBeCloseTo(variable(scores, 'dot').data[strongest]!, 4)
    expect(weights[strongest]).toBeGreaterThan(1 / run.tokens.length)
  })

  it('of lines are the weights that are at least so strong, of one query where it is asked for', async () => {
    const lines = figureViewNamed('lines')
    const least = 0.1
    const all = (await lines.make(source, { layer: 1, heads: [2, 0], least })).dataset()
    const size = run.tokens.length
    const strong = async (head: number, from: number) =>
      [...(await pattern(1, head))].filter((weight, i) => i >= from * size && weight >= least)
    const count = (await strong(2, 0)).length + (await strong(0, 0)).length
    expect(variable(all, 'weight').data).toHaveLength(count)
    expect(new Set(variable(all, 'head').data)).toEqual(new Set([0, 2]))
    const asked = { layer: 1, heads: [2], least, query: size - 1 }
    const one = (await lines.make(source, asked)).dataset()
    const expected = (await strong(2, size - 1)).toSorted((a, b) => b - a)
    expect([...variable(one, 'weight').data]).toEqual(expected)
  })

  it('of an atlas are the scores of the heads, by windows of the text', async () => {
    const params = { score: 'previous_token' }
    const made = await figureViewNamed('atlas-map').make(source, params)
    expect(made.from.of.place).toBe(
      'Heads by previous token, scored over 3 windows of up to 8 tokens of the text'
    )
    const { axes, variables } = made.dataset()
    const score = axes['score']!.labels!.indexOf('previous_token')
    const heads = axes['layer']!.length * axes['head']!.length
    const offsets = await figureViewNamed('offsets').make(source, { layer: 0, head: 0 })
    expect(offsets.title).toContain('Head 0.0, attention by offset')
    expect(offsets.dataset().variables['offset']!.data[1]).toBeCloseTo(
      variables['value']!.data[score * heads]!,
      6
    )
  })

  it('of an atlas refuses a score that heads do not have, and names those that they have', async () => {
    const scatter = figureViewNamed('atlas-scatter').make(source, { x: 'sense' })
    await expect(scatter).rejects.toThrow(
      /sense: heads have no such score; there are previous_token,/
    )
  })

  it('of a rollout sums to 1 for each query', async () => {
    const data = await weights('rollout', { layer: 2 })
    const size = run.tokens.length
    for (let query = 0; query < size; query++) {
      const row = data.slice(query * size, (query + 1) * size)
      expect(Array.from(row).reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 4)
    }
  })
})

it.each([
  ['84mm', 84],
  ['8.4cm', 84],
  ['3.25in', 82.55],
  ['239pt', 84.31],
  ['84', 84]
])('%s is %s mm', (text, expected) => {
  expect(millimetres(text)).toBeCloseTo(expected, 2)
})

it.each(['', '84px', '-84mm', '9mm', '3000', '1e2'])('%s is no width', text => {
  expect(() => millimetres(text)).toThrow('Expected a length')
})

import type { RunSource } from '#common/model/run-source.ts'
import { execFileSync } from 'node:child_process'
import { mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { cancelled, LamellaError } from '#common/model/errors.ts'
import { memoryTransport } from '#common/contract/memory-transport.ts'
import { connectApi, type Handlers, serveApi } from '#common/contract/rpc.ts'
import { axis, type Dataset, dataset } from '#common/data/dataset.ts'
import { analysisCommandText, plainCommandText } from '#common/text/command-text.ts'
import type { ModelInfo, Run } from '#common/contract/schemas.ts'
import type { Token } from '#common/model/token.ts'
import { readSafetensors } from '../../../src/main/checkpoint/safetensors.ts'
import { createFigureThreads } from '../../../src/main/figure/figure-thread.ts'
import { runCommand } from '../../../src/main/shell/cli/run.ts'
import { namedFile } from '../../../src/main/files/folder.ts'
import { testSource } from '../../contract/source.ts'
import { built } from '../../built.ts'

const config = {
  nLayers: 2,
  nHeads: 1,
  nKeyValueHeads: 1,
  dModel: 4,
  dHead: 4,
  dMlp: 16,
  dVocab: 9,
  nCtx: 8
}
const model: ModelInfo = {
  id: 'm1',
  name: 'tiny',
  path: '/models/tiny',
  fingerprint: 'f1',
  family: 'gpt2',
  config,
  rawConfig: '{}',
  visibility: [{ causal: true, reach: null }],
  scores: null,
  parameters: 1234,
  parametersStored: 1234,
  ties: ['lm_head.weight is wte.weight'],
  tensors: [
    {
      name: 'wte.weight',
      dtype: 'F32',
      shape: [9, 4],
      parameters: 36,
      bytes: 144,
      file: 'model.safetensors',
      category: 'embedding',
      layer: null,
      tiedTo: null
    }
  ],
  notRunnable: null,
  notRunnableHint: null,
  hooks: ['blocks.0.attn.hook_pattern', 'blocks.1.attn.hook_pattern', 'logits'],
  limits: [],
  notes: [],
  predicts: 'next',
  notTokenizable: null,
  tokenizer: null,
  sampleText: null
}
const foreign: ModelInfo = {
  ...model,
  config: null,
  notRunnable: 'no such family',
  notRunnableHint: 'Families that run: gpt2.'
}
const check = {
  tensors: 2,
  values: 40,
  notFinite: [{ name: 'wte.weight', nan: 2, infinite: 1 }]
}
/** What analyses come to, by their names. */
const results: Record<string, (params: unknown) => Dataset> = {
  'value-check': () =>
    dataset(
      { tensor: axis(['wte.weight', 'sound']) },
      { nan: column('tensor', 2, 0), infinite: column('tensor', 1, 0) },
      { tensors: 2, read: 40 }
    ),
  predictions(params) {
    const { top } = params as { top: number }
    const ids = Array.from({ length: top }, (_, id) => id)
    return dataset(
      { prediction: axis(top) },
      {
        position: column('prediction', ...ids.map(() => 2)),
        logit: column('prediction', ...ids.map(id => 2.5 - id)),
        probability: column('prediction', ...ids.map(() => 0.5))
      },
      { tokens: ids.map(id => ({ ...token(id, 0) })) as never }
    )
  },
  corpus: () =>
    dataset(
      { edit: axis(1) },
      { value: column('edit', 1) },
      {
        left_out: Array.from({ length: 12 }, (_, i) => `${i}.txt: is empty`),
        ids: Array.from({ length: 5000 }, (_, i) => i),
        edits: [{ hook: 'x'.repeat(1000) }],
        text: 'y'.repeat(1000)
      }
    ),
  'head-scores': () =>
    dataset(
      { layer: axis(1), head: axis(2), offset: axis(2) },
      {
        entropy: { ...column('head', 1.23456, NaN), axes: ['layer', 'head'], unit: 'nats' },
        sink: { ...column('head', 0.5, Infinity), axes: ['layer', 'head'] },
        offset: { ...column('head', 1, 2, 3, 4), axes: ['layer', 'head', 'offset'] }
      },
      { model: 'tiny' }
    )
}

function column(axis: string, ...values: number[]) {
  return { axes: [axis], unit: '', about: '', data: Float64Array.from(values) }
}
const token = (id: number, start: number): Token => ({
  id,
  piece: `p${id}`,
  text: 'x',
  start,
  end: start + 1,
  special: false
})

let folder: string
let calls: { method: string; params: unknown }[]
let served: unknown[]
let run: Run | null
/** What the next run is unlike the usual one in. */
let runChange: Partial<Run>
/** What an analysis tells of itself. */
let progress: [string, number][]
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lamella-cli-'))
  calls = []
  served = []
  run = null
  runChange = {}
  progress = []
  // Whoever looks at the clock finds that 3 s have passed.
  let clock = 0
  vi.spyOn(performance, 'now').mockImplementation(() => (clock += 3000))
  vi.stubEnv('INIT_CWD', folder)
})
afterEach(() => {
  vi.unstubAllEnvs()
  vi.restoreAllMocks()
})

const handlers: Partial<Handlers> = {
  'models.open': ({ path }) =>
    path.endsWith('broken')
      ? Promise.reject(new LamellaError('file-invalid', `${path}: no\nconfig`, 'Try another.'))
      : Promise.resolve(path.endsWith('foreign') ? foreign : model),
  'text.tokenize': () => Promise.resolve([token(3, 0), token(5, 1)]),
  'models.hash': () => Promise.resolve([{ name: 'model.safetensors', bytes: 144, sha256: 'ab12' }]),
  'analysis.run': ({ name, params }, context) => {
    if (name === 'slow') return Promise.reject(cancelled())
    context.progress({ label: 'Window 1 of 2', done: 1, total: 2 })
    for (const [label, done] of progress) context.progress({ label, done, total: 100 })
    return Promise.resolve(results[name]!(params))
  },
  'analysis.list': () =>
    Promise.resolve([
      {
        name: 'head-scores',
        of: 'windows',
        compares: false,
        about: { what: 'What heads do.', formulas: [], sources: [], read: '', baseline: '' },
        params: { properties: { layers: { default: null }, must: {} } },
        gives: [{ name: 'entropy', axes: ['layer', 'head'], unit: 'nats', about: '' }]
      }
    ]),
  'runs.start': ({ source }) => {
    const { input, provider } = source
    const ids = 'ids' in input ? input.ids : [...input.text].map((_, i) => i)
    run = {
      id: 'r1',
      modelId: 'm1',
      tokens: ids.map(token),
      source: { ...source, provider: provider === 'auto' ? 'cpu' : provider },
      milliseconds: 1,
      complete: true,
      firstNonFinite: null,
      ...runChange
    }
    return Promise.resolve(run)
  },
  'runs.complete': () => Promise.resolve({ ...run!, complete: true }),
  'runs.value': ({ hook }) =>
    Promise.resolve({ shape: [1, 2], data: Float32Array.of(hook.length, 0.5) })
}

async function lamella(...words: string[]) {
  let out = ''
  let err = ''
  const source = testSource()
  const all = { ...source.handlers, ...handlers }
  const recorded = Object.fromEntries(
    Object.entries(all).map(([method, handler]) => [
      method,
      (params: never, context: never) => {
        calls.push({ method, params })
        return handler(params, context)
      }
    ])
  ) as unknown as Handlers
  const status = await runCommand(
    {
      version: '1.2.3',
      figures: createFigureThreads(built.figureEntry),
      print: text => (out += text),
      printError: text => (err += text),
      withClient: async use => {
        const { client, server, close } = memoryTransport()
        serveApi({ ...source, handlers: recorded }, server)
        await use(connectApi(client)).finally(close)
      },
      interrupted: () => new AbortController().signal,
      serve: options => Promise.resolve(void served.push(options))
    },
    words
  )
  return { status, out, err }
}

describe('the command line', () => {
  it('info --json gives the config beside the counts and tensors', async () => {
    const { status, out } = await lamella('info', 'tiny', '--json')
    expect(status).toBe(0)
    expect(JSON.parse(out)).toMatchObject({
      family: 'gpt2',
      ...config,
      parameters: 1234,
      parametersStored: 1234,
      tensors: [{ name: 'wte.weight', shape: [9, 4] }]
    })
    expect(calls).toEqual([{ method: 'models.open', params: { path: join(folder, 'tiny') } }])
  })

  it('info gives a readable table', async () => {
    const { out } = await lamella('info', '/models/tiny')
    expect(out).toMatch(/^name {12}tiny$/m)
    expect(out).toMatch(/^parameters {6}1,234$/m)
    expect(out).toMatch(/^wte.weight {2}F32 {4}\[9, 4\] {4}144$/m)
  })

  it('info --check-values adds how many values are not finite', async () => {
    const json = await lamella('info', 'tiny', '--check-values', '--json')
    expect(JSON.parse(json.out)).toMatchObject({ family: 'gpt2', valueCheck: check })
    expect(calls.at(-1)).toMatchObject({
      method: 'analysis.run',
      params: { name: 'value-check', of: { model: { fingerprint: 'f1' }, corpus: null } }
    })
    const { out } = await lamella('info', 'tiny', '--check-values')
    expect(out).toMatch(/^values {10}1 of 2 tensors holds NaN or infinite values$/m)
    expect(out).toMatch(/^tensor {6}dtype {2}shape {3}bytes {2}NaN {2}infinite$/m)
    expect(out).toMatch(/^wte.weight {2}F32 {4}\[9, 4\] {4}144 {4}2 {9}1$/m)
  })

  it('info --hash adds the hash of each file, and only then are they read', async () => {
    const files = [{ name: 'model.safetensors', bytes: 144, sha256: 'ab12' }]
    const json = await lamella('info', 'tiny', '--hash', '--json')
    expect(JSON.parse(json.out)).toMatchObject({ family: 'gpt2', files })
    expect(calls.at(-1)).toEqual({ method: 'models.hash', params: { modelId: 'm1' } })
    const { out } = await lamella('info', 'tiny', '--hash')
    expect(out).toMatch(/^SHA-256 {9}ab12 {2}model\.safetensors$/m)
    expect((await lamella('info', 'tiny')).out).not.toContain('SHA-256')
  })

  it.each([
    ['predict', ['--text', 'ab']],
    ['trace', ['--text', 'ab', '--hooks', 'logits', '--out', 'o.safetensors']]
  ])('%s warns in one line of values that are not finite', async (command, words) => {
    const silent = await lamella(command, 'tiny', ...words)
    expect([silent.status, silent.err]).toEqual([0, ''])
    for (const complete of [true, false]) {
      runChange = { complete, firstNonFinite: 3 }
      const { status, out, err } = await lamella(command, 'tiny', ...words)
      expect([status, out]).toEqual([0, silent.out])
      expect(err).toBe(
        'warning: NaN or infinite values from block 3 on; info --check-values tells which weights are not finite\n'
      )
    }
  })

  it('tokens --json gives token, id and offsets', async () => {
    const { out } = await lamella('tokens', 'tiny', '--text', 'ab', '--json')
    expect(JSON.parse(out)).toEqual([
      { token: 'p3', id: 3, start: 0, end: 1, bytes: [120] },
      { token: 'p5', id: 5, start: 1, end: 2, bytes: [120] }
    ])
  })

  it('info says why a model cannot run, and which do', async () => {
    const { out } = await lamella('info', 'foreign')
    expect(out).toMatch(/^cannot run {6}no such family \(Families that run: gpt2\.\)$/m)
  })

  it('predict --json gives position, token, id, logit and probability after the last token', async () => {
    const { out } = await lamella('predict', 'tiny', '--text', 'abc', '--top', '2', '--json')
    expect(JSON.parse(out)).toEqual([
      { position: 2, token: 'p0', id: 0, logit: 2.5, probability: 0.5 },
      { position: 2, token: 'p1', id: 1, logit: 1.5, probability: 0.5 }
    ])
    expect(calls.at(-1)?.params).toMatchObject({
      name: 'predictions',
      params: { top: 2 },
      of: { corpus: { inputs: [{ text: 'abc' }] }, provider: 'cpu' }
    })
  })

  it('edits a run as --edit says, in order', async () => {
    const hook = 'blocks.1.attn.hook_z'
    const from = { tokens: [1, 2], edits: [{ hook, scale: 0 }] }
    const typed = [
      { hook, at: { head: [3] }, scale: 0 },
      { hook, at: { pos: '0:2' }, scale: 0, add: { from } },
      { hook, add: { from: { text: 'b' }, hook: 'blocks.0.attn.hook_z', times: -2 } }
    ]
    const edits = typed.flatMap(edit => ['--edit', JSON.stringify(edit)])
    const { status } = await lamella('predict', 'tiny', '--tokens', '5,17', ...edits, '--json')
    expect(status).toBe(0)
    const { source } = calls[1]!.params as { source: RunSource }
    expect(source.input).toEqual({ ids: [5, 17] })
    expect(source.edits).toEqual([
      { hook, at: { head: [3] }, scale: 0, add: null },
      {
        hook,
        at: { pos: '0:2' },
        scale: 0,
        add: {
          from: { input: { ids: [1, 2] }, edits: [{ hook, at: {}, scale: 0, add: null }] },
          hook,
          times: 1
        }
      },
      {
        hook,
        at: {},
        scale: 1,
        add: { from: { input: { text: 'b' }, edits: [] }, hook: 'blocks.0.attn.hook_z', times: -2 }
      }
    ])
  })

  it.each([
    ['{', /--edit.*It is no JSON: /],
    ['{"scale":0}', /--edit.*hook: /],
    ['{"hook":"h","at":{"pos":"a"},"scale":0}', /--edit.*at\.pos/],
    [
      '{"hook":"h","at":{"pos":"a"},"scale":0}',
      /at\.pos: expected a range such as 0:5, got "a"\. An edit is such as/
    ],
    ['{"hook":"h","scale":"0"}', /scale: expected a number, got "0"/],
    ['{"hook":"h","at":{"pos":"0:2"}}', /--edit.*expected scale, add or both/]
  ])('refuses the edit %s', async (edit, message) => {
    const { status, err } = await lamella('predict', 'tiny', '--tokens', '5', '--edit', edit)
    expect(status).not.toBe(0)
    expect(err).toMatch(message)
  })

  it('trace writes one tensor for each matching hook, and the tokens', async () => {
    const { status, out } = await lamella(
      ...['trace', 'tiny', '--tokens', '5, 17,3', '--provider', 'webgpu', '--out', 't.safetensors'],
      ...['--hooks', 'blocks.*.attn.hook_pattern,logits']
    )
    const path = join(folder, 't.safetensors')
    expect({ status, out }).toEqual({
      status: 0,
      out: `${path}: 3 hooks, 3 tokens, webgpu\n`
    })
    expect(calls[1]?.params).toEqual({
      source: {
        model: { path: '/models/tiny', fingerprint: 'f1' },
        input: { ids: [5, 17, 3] },
        edits: [],
        provider: 'webgpu'
      }
    })
    const { tensors } = await readSafetensors(await namedFile(path))
    expect([...tensors].map(([name, { dtype, shape }]) => [name, dtype, shape])).toEqual([
      ['tokens', 'I64', [3]],
      ['blocks.0.attn.hook_pattern', 'F32', [1, 2]],
      ['blocks.1.attn.hook_pattern', 'F32', [1, 2]],
      ['logits', 'F32', [1, 2]]
    ])
    const bytes = await readFile(path)
    expect(bytes.readBigInt64LE((tensors.get('tokens')?.offset ?? 0) + 8)).toBe(17n)
    expect(bytes.readFloatLE(tensors.get('logits')?.offset)).toBe('logits'.length)
  })

  it('trace reads the text of a file, without what is the file’s alone', async () => {
    await writeFile(join(folder, 'in.txt'), '\uFEFFש \r\n')
    const { status } = await lamella(
      ...['trace', 'tiny', '--text-file', 'in.txt', '--hooks', 'logits', '--out', 'o.safetensors']
    )
    expect(status).toBe(0)
    expect(calls[1]?.params).toMatchObject({
      source: { input: { text: 'ש \n' }, provider: 'auto' }
    })
  })

  it('analyses lists each with its params and what it gives', async () => {
    const { out } = await lamella('analyses')
    expect(out).toBe(
      [
        'head-scores',
        '  What heads do.',
        '  of      any number of windows',
        '  params  layers=null must',
        '  gives   entropy [layer, head]',
        ''
      ].join('\n')
    )
    const json = JSON.parse((await lamella('analyses', '--json')).out) as { name: string }[]
    expect(json.map(({ name }) => name)).toEqual(['head-scores'])
  })

  it('analyse asks for texts, ids and files in the order they are given', async () => {
    const { status, err } = await lamella(
      ...['analyse', 'head-scores', 'tiny', 'tiny', '--text', 'ab', '--tokens', '5,17'],
      ...['--text-file', 'books', '--text', 'c', '--window', '8', '--stride', '4'],
      ...['--set', 'layers=[0,1]', '--set', 'name=a=b', '--edit', '{"hook":"x","scale":0}'],
      ...['--provider', 'cpu', '--json']
    )
    expect(status).toBe(0)
    expect(err).toBe('Window 1 of 2 (50 %)\n')
    const inputs = [
      { text: 'ab' },
      { ids: [5, 17] },
      { path: join(folder, 'books') },
      { text: 'c' }
    ]
    const of = {
      model: { path: '/models/tiny', fingerprint: 'f1' },
      corpus: { inputs, window: 8, stride: 4 },
      edits: [{ hook: 'x', at: {}, scale: 0, add: null }],
      provider: 'cpu'
    }
    expect(calls.at(-1)?.params).toEqual({
      name: 'head-scores',
      params: { layers: [0, 1], name: 'a=b' },
      of: { ...of, edits: [] },
      with: of
    })
  })

  it('analyse prints what fits one table, and the axes of the rest', async () => {
    const { out } = await lamella('analyse', 'head-scores', 'tiny', '--text', 'ab')
    expect(out).toBe(
      [
        'model           tiny',
        'lamella         1.2.3',
        '',
        'layer  head  entropy      sink',
        '    0     0    1.235       0.5',
        '    0     1      NaN  Infinity',
        '',
        'variable  axes or value                unit',
        'offset    [layer 1, head 2, offset 2]',
        ''
      ].join('\n')
    )
  })

  it('analyse says again how far it is when that has changed', async () => {
    progress = [
      ['long.txt', 1],
      ['long.txt', 1.5],
      ['long.txt', 2],
      ['other.txt', 2]
    ]
    const { err } = await lamella('analyse', 'head-scores', 'tiny', '--text', 'ab')
    expect(err).toBe('Window 1 of 2 (50 %)\nlong.txt (1 %)\nlong.txt (2 %)\nother.txt (2 %)\n')
  })

  it('analyse says what was left out, and shows long attributes by their beginning and length', async () => {
    const { out, err } = await lamella('analyse', 'corpus', 'tiny', '--text', 'ab')
    const left = err.split('\n').filter(line => line.startsWith('left out: '))
    expect(left).toHaveLength(11)
    expect(left[0]).toBe('left out: 0.txt: is empty')
    expect(left[10]).toBe('left out: 2 more, which the attribute left_out of the result names')
    expect(out).toMatch(/^ids {13}\[0,1,2,[\d,]+, …\] \(5000 in all\)$/m)
    expect(out).toMatch(/^edits {11}\[\{"hook":"x+…, …\] \(1 in all\)$/m)
    expect(out).toMatch(/^text {12}y{200}… \(1000 letters\)$/m)
    expect(Math.max(...out.split('\n').map(({ length }) => length))).toBeLessThan(300)
    const saved = await lamella('analyse', 'corpus', 'tiny', '--text', 'ab', '--json')
    expect(saved.err).toBe(err)
    expect(saved.out).toContain('11.txt: is empty')
  })

  it('analyse --json has null for what is not finite, and says how much', async () => {
    const { out } = await lamella('analyse', 'head-scores', 'tiny', '--text', 'ab', '--json')
    expect(JSON.parse(out)).toMatchObject({
      attributes: { model: 'tiny', lamella: '1.2.3' },
      variables: {
        entropy: { axes: ['layer', 'head'], unit: 'nats', nan: 1, data: [[1.23456, null]] },
        sink: { infinity: 1, data: [[0.5, null]] },
        offset: {
          data: [
            [
              [1, 2],
              [3, 4]
            ]
          ]
        }
      }
    })
  })

  it('analyse --out saves, and says what one table does not hold', async () => {
    const words = ['analyse', 'head-scores', 'tiny', '--tokens', '1', '--out']
    const { out, err } = await lamella(...words, 'scores.csv')
    const path = join(folder, 'scores.csv')
    expect(out).toBe(`${path}: 2 variables\n`)
    expect(err).toMatch(/left out, .*: offset \(other endings save all\)\n$/)
    expect(await readFile(path, 'utf8')).toBe(
      '# model: tiny\r\n# lamella: 1.2.3\r\n# inputs: token ids: 1\r\n' +
        '# again: npm run --silent lamella -- analyse head-scores tiny --tokens 1 --out scores.csv\r\n' +
        '# left out, for one table does not hold them: offset\r\n' +
        '# column entropy: nats\r\n' +
        'layer,head,entropy,sink\r\n0,0,1.23456,0.5\r\n0,1,NaN,inf\r\n'
    )
    await lamella(...words, 'scores.safetensors')
    const { tensors } = await readSafetensors(await namedFile(join(folder, 'scores.safetensors')))
    expect([...tensors].map(([name, { dtype, shape }]) => [name, dtype, shape])).toEqual([
      ['entropy', 'F64', [1, 2]],
      ['sink', 'F64', [1, 2]],
      ['offset', 'F64', [1, 2, 2]]
    ])
  })

  it('serve hands its options over', async () => {
    await lamella('serve', 'tiny', '--port', '8123', '--no-open')
    await lamella('serve')
    expect(served).toEqual([
      { folder: join(folder, 'tiny'), port: 8123, open: false },
      { folder: undefined, port: undefined, open: true }
    ])
  })

  it.each([
    [['info', 'broken'], /broken: no⟨0A⟩config \(Try another\.\)\n$/],
    [
      ['trace', 'tiny', '--text', 'a', '--hooks', 'logits, blocks.*.nope', '--out', 'o.npz'],
      /^blocks\.\*\.nope: matches no hook of the model .info --json lists its hooks\.\)\n$/
    ],
    [
      ['trace', 'tiny', '--text-file', 'none.txt', '--hooks', 'logits', '--out', 'o.npz'],
      /^none\.txt: does not exist\n$/
    ],
    [
      ['trace', 'foreign', '--text', 'a', '--hooks', 'logits', '--out', 'o.npz'],
      /foreign: no such family \(Families that run: gpt2\.\)\n$/
    ],
    [
      ['trace', 'tiny', '--text', 'a', '--hooks', 'logits', '--out', 'o.csv'],
      /o\.csv: expected a name that ends in \.safetensors, \.npz\n$/
    ],
    [
      ['gradient', 'tiny', '--text', 'a', '--loss', '--out', 'o'],
      /\/o: expected a name that ends in \.safetensors, \.npz\n$/
    ],
    [
      ['analyse', 'head-scores', 'tiny', '--text', 'a', '--out', 'scores.xls'],
      /scores\.xls: expected a name that ends in \.safetensors, \.npz, \.csv, \.json\n$/
    ],
    [
      ['analyse', 'head-scores', 'tiny', '--text', 'a', '--stride', '2'],
      /--stride needs --window\n$/
    ],
    [
      [
        ...['analyse', 'head-scores', 'tiny', '--text', 'a'],
        ...['--set', `x=${'['.repeat(20_000)}${']'.repeat(20_000)}`]
      ],
      /^analysis\.run: params: expected what JSON can say, nested at most 500 deep, with no key __proto__\n$/
    ],
    [
      ['predict', 'tiny', '--text', 'a', '--edit', '{"hook":"blocks.*.nope","scale":0}'],
      /^edit of blocks\.\*\.nope: matches no hook of tiny \(info --json lists its hooks\.\)\n$/
    ],
    [
      ['analyse', 'slow', 'tiny', '--text', 'a'],
      /^Cancelled \(The same command goes on from there\.\)\n$/
    ],
    [
      ['trace', 'tiny', '--text', 'a', '--hooks', 'logits', '--out', 'no/o.npz'],
      /\/no: there is no such folder \(Make it first, or choose another place\.\)\n$/
    ]
  ])('fails with one line on standard error and status 1: %j', async (words, message) => {
    const { status, out, err } = await lamella(...words)
    expect({ status, out }).toEqual({ status: 1, out: '' })
    expect(err).toMatch(message)
    expect(err.trimEnd().split('\n')).toHaveLength(1)
  })

  it.each([
    [['nope']],
    [[]],
    [['info']],
    [['info', 'tiny', '--nope']],
    [['tokens', 'tiny']],
    [['predict', 'tiny', '--text', 'a', '--top', 'many']],
    [['trace', 'tiny', '--hooks', 'logits', '--out', 'o.npz']],
    [['trace', 'tiny', '--text', 'a', '--out', 'o.npz']],
    [['trace', 'tiny', '--text', 'a', '--tokens', '1', '--hooks', 'logits', '--out', 'o.npz']],
    [['trace', 'tiny', '--tokens', '1,x', '--hooks', 'logits', '--out', 'o.npz']],
    [['trace', 'tiny', '--text', 'a', '--hooks', 'l', '--out', 'o', '--provider', 'abacus']],
    [['analyse', 'head-scores']],
    [['analyse', 'head-scores', 'tiny', '--tokens', '1,x']],
    [['analyse', 'head-scores', 'tiny', '--set', 'layers']],
    [['analyse', 'head-scores', 'tiny', '--window', '0']],
    [['analyse', 'head-scores', 'tiny', '--edit', '{"scale":0}']],
    [['analyse', 'head-scores', 'tiny', '--edit', 'nothing']],
    [['analyse', 'head-scores', 'tiny', '--json', '--out', 'x.csv']],
    [['serve', '--port', '70000']]
  ])('says how it is used and gives status 2: %j', async words => {
    const { status, out, err } = await lamella(...words)
    expect({ status, out }).toEqual({ status: 2, out: '' })
    expect(err).not.toBe('')
    expect(calls).toEqual([])
  })

  it.each([['--help'], ['--version']])('answers %s', async word => {
    const { status, out } = await lamella(word)
    expect(status).toBe(0)
    expect(out).not.toBe('')
  })
})

describe.skipIf(process.platform === 'win32')('a command that makes something again', () => {
  const origin = { folder: '-tiny', input: { text: '--ab' }, edits: [], provider: 'cpu' }
  const typed = async (command: string) => {
    const [, given] = command.split('lamella -- ')
    const words = execFileSync('bash', ['-c', `printf '%s\\0' ${given!}`])
      .toString()
      .split('\0')
    return lamella(...words.slice(0, -1))
  }

  it('asks for a folder and a text that begin with a hyphen', async () => {
    const asked = { command: 'tokens', runs: false, options: ['--json'] }
    expect(await typed(plainCommandText(asked, origin))).toMatchObject({ status: 0, err: '' })
    expect(calls).toMatchObject([
      { method: 'models.open', params: { path: join(folder, '-tiny') } },
      { method: 'text.tokenize', params: { text: '--ab' } }
    ])
    calls = []
    const scores = { analysis: 'head-scores', params: {} }
    const { status } = await typed(analysisCommandText(scores, origin, '-n.csv'))
    expect(status).toBe(0)
    expect(calls).toContainEqual({ method: 'models.open', params: { path: join(folder, '-tiny') } })
    expect((await readFile(join(folder, '-n.csv'))).length).toBeGreaterThan(0)
  })
})

import { execFileSync, spawn } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  symlinkSync,
  truncateSync,
  unlinkSync,
  utimesSync,
  writeFileSync
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Corpus, CorpusInput } from '#common/analysis/subject.ts'
import type { Edit } from '#common/model/edit.ts'
import type { CallContext } from '#common/contract/rpc.ts'
import type { ModelInfo, Progress } from '#common/contract/schemas.ts'
import { type Dataset, variable } from '#common/data/dataset.ts'
import type { Workbench } from '../../../../src/main/workbench/workbench.ts'
import { projectRoot, shakespeare, startWorkbench, uncancelled } from '../../../golden/workbench.ts'
import { longestTurn } from '../../../time-taken.ts'
import { outcome } from '../../checkpoint/temporary.ts'
import { builtCommand } from '../../../built.ts'

const data = mkdtempSync(join(tmpdir(), 'lamella-analyses-'))
let workbench: Workbench
let model: ModelInfo
beforeAll(async () => {
  workbench = await startWorkbench({}, data)
  model = await open(shakespeare)
})
afterAll(() => workbench.close())

const open = (path: string) => workbench.handlers['models.open']({ path }, uncancelled())

function scores(
  inputs: CorpusInput[],
  cut: Partial<Corpus> = {},
  {
    of = model,
    on = workbench,
    context = uncancelled(),
    name = 'head-scores',
    params = {}
  }: {
    of?: ModelInfo
    on?: Workbench
    context?: CallContext
    name?: string
    params?: unknown
  } = {}
): Promise<Dataset> {
  const corpus = { inputs, window: null, stride: null, ...cut }
  const ref = { path: of.path, fingerprint: of.fingerprint }
  const subject = { model: ref, corpus, edits: [], provider: 'cpu' as const }
  return on.handlers['analysis.run'](
    { name, params: params as never, of: subject, with: null },
    { ...uncancelled(), ...context }
  )
}

function folderWith(files: Record<string, string | Uint8Array>): string {
  const folder = mkdtempSync(join(tmpdir(), 'lamella-corpus-'))
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(join(folder, name, '..'), { recursive: true })
    writeFileSync(join(folder, name), content)
  }
  return folder
}

const ids = (result: Dataset) => [...variable(result, 'input_ids').data]
const labels = (result: Dataset) => result.axes['window']?.labels
const sizes = (result: Dataset) => [...variable(result, 'window_tokens').data]
const data64 = (result: Dataset, name: string) => [...variable(result, name).data]

const verse = 'Now is the winter of our discontent\nMade glorious summer by this sun of York;\n'
const long = Array.from({ length: 40 }, (_, i) => `${verse.slice(i % 30)}\n`).join('')

describe('several windows', () => {
  it('are pooled: every query counts alike', async () => {
    const texts = [verse, 'To be, or not to be, that is the question.\n']
    const [one, two] = await Promise.all(texts.map(text => scores([{ text }])))
    const both = await scores(texts.map(text => ({ text })))
    const n = texts.map(text => text.length) as [number, number]
    const copies = [one, two].map(each => data64(each!, 'queries_with_duplicate')[0]!)
    const expected = (name: string, weight: (i: 0 | 1, at: number) => number) => {
      const [a, b] = [data64(one!, name), data64(two!, name)]
      const width = data64(both, name).length / 16
      data64(both, name).forEach((value, i) => {
        const at = i % width
        const head = Math.floor(i / width)
        const own = [a, b].map((values, which) => {
          const most = values.length / 16
          return at < most ? values[head * most + at]! * weight(which as 0 | 1, at) : 0
        })
        const total = weight(0, at) + weight(1, at)
        expect(value, `${name}[${i}]`).toBeCloseTo((own[0]! + own[1]!) / total, 6)
      })
    }
    for (const name of ['entropy', 'entropy_smoothed', 'class_mass', 'distance'])
      expected(name, which => n[which])
    for (const name of ['duplicate', 'induction']) expected(name, which => copies[which]!)
    for (const name of ['offset', 'sink']) expected(name, (which, at) => Math.max(0, n[which] - at))
    expect(labels(both)).toEqual(['text 1', 'text 2'])
    expect(sizes(both)).toEqual(n)
    expect(both.attributes).toMatchObject({ analysis: 'head-scores', windows: 2, provider: 'cpu' })
    expect(both.variables).not.toHaveProperty('input_ids')
    expect(both.variables).not.toHaveProperty('class_member')
  })

  it('may be texts and ids together, and ids without a text of theirs have classes, too', async () => {
    const one = await scores([{ text: 'abc' }])
    const mixed = await scores([{ text: 'abc' }, { ids: ids(one) }])
    expect(labels(mixed)).toEqual(['text 1', 'tokens 2'])
    for (const name of ['entropy', 'class_mass'])
      data64(mixed, name).forEach((value, i) =>
        expect(value).toBeCloseTo(data64(one, name)[i]!, 12)
      )
  })

  it('follow one another, and the last may be shorter', async () => {
    const cut = await scores([{ text: verse }], { window: 30 })
    expect(sizes(cut)).toEqual([30, 30, 18])
    expect(labels(cut)).toEqual([
      'text, tokens 0 to 29',
      'text, tokens 30 to 59',
      'text, tokens 60 to 77'
    ])
    const whole = await scores([30, 60, 90].map(end => ({ text: verse.slice(end - 30, end) })))
    expect(data64(cut, 'offset')).toEqual(data64(whole, 'offset'))
    // One token alone attends to itself.
    const left = await scores([{ text: verse.slice(0, 61) }], { window: 30 })
    expect(sizes(left)).toEqual([30, 30])
    expect(left.attributes['left_out']).toEqual([
      'text: token 60, the last, which would be a window by itself'
    ])
  })

  it('tell of characters that are read as others', async () => {
    const read = await scores([{ text: 'to be' }, { text: 'aשb é' }])
    expect(read.attributes.unknown).toBe(
      '2 tokens stand in for characters that the vocabulary does not have, read as "\\n"'
    )
    expect((await scores([{ text: 'to be' }])).attributes).not.toHaveProperty('unknown')
  })

  it('may overlap or leave out', async () => {
    const text = verse.slice(0, 60)
    expect(labels(await scores([{ text }], { window: 30, stride: 15 }))).toEqual([
      'text, tokens 0 to 29',
      'text, tokens 15 to 44',
      'text, tokens 30 to 59'
    ])
    expect(labels(await scores([{ text }], { window: 10, stride: 40 }))).toEqual([
      'text, tokens 0 to 9',
      'text, tokens 40 to 49'
    ])
  })

  it('each have the tokens around them that the model expects around a text', async () => {
    const bert = folderWith({
      'vocab.txt': ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]', 'to', 'be', 'or', 'not'].join(
        '\n'
      )
    })
    const from = join(projectRoot, 'test/golden/bert')
    for (const name of ['config.json', 'model.safetensors'])
      cpSync(join(from, name), join(bert, name))
    const of = await open(bert)
    const text = 'to be or not to be'
    const whole = await scores([{ text }], {}, { of })
    expect(ids(whole)).toEqual([2, 5, 6, 7, 8, 5, 6, 3])
    expect(whole.axes['pos']?.labels?.slice(0, 3)).toEqual(['[CLS]', 'to', 'be'])
    const cut = await scores([{ text }], { window: 5 }, { of })
    expect(sizes(cut)).toEqual([5, 5])
    const same = await scores([{ text: 'to be or' }, { text: 'not to be' }], {}, { of })
    expect(data64(cut, 'entropy')).toEqual(data64(same, 'entropy'))
    expect(await outcome(scores([{ text }], { window: 2 }, { of }))).toMatch(/has no room beside/)
  })
})

describe('files', () => {
  it('give the windows of their text, however long it is', async () => {
    const text = Array.from({ length: 900 }, (_, i) => `${i} ${verse}`)
      .join('')
      .slice(0, 50_000)
    const path = join(folderWith({ 'long.txt': text }), 'long.txt')
    const cut = { window: 100, stride: 6200 }
    const streamed = await scores([{ path }], cut)
    const inline = await scores([{ text }], cut)
    expect(data64(streamed, 'offset')).toEqual(data64(inline, 'offset'))
    expect(sizes(streamed)).toEqual(sizes(inline))
    expect(labels(streamed)?.[1]).toBe('long.txt, tokens 6200 to 6299')
  })

  it('in a folder are read by name; what is no text is left out, and said', async () => {
    const folder = folderWith({
      'b.txt': 'second',
      'a.txt': 'first',
      'below/c.txt': 'third',
      'binary.bin': Uint8Array.of(0x66, 0xff, 0xfe),
      'zero.dat': 'a\0b',
      'late.txt': `${'good line\n'.repeat(30)}`,
      'empty.txt': '',
      '.hidden': 'x'
    })
    // The first piece is text, the second is not.
    const late = Buffer.concat([Buffer.from('good line\n'.repeat(2000)), Uint8Array.of(0xff)])
    writeFileSync(join(folder, 'late.txt'), late)
    writeFileSync(join(folder, 'sparse.txt'), '')
    truncateSync(join(folder, 'sparse.txt'), 2 ** 30)
    execFileSync('mkfifo', [join(folder, 'pipe')])
    symlinkSync('/etc/passwd', join(folder, 'link.txt'))
    symlinkSync(folder, join(folder, 'loop'))
    const before = process.memoryUsage().rss
    const result = await scores([{ path: folder }], { window: 192, stride: 10_000 })
    expect(labels(result)).toEqual([
      'a.txt',
      'b.txt',
      'below/c.txt',
      'late.txt, tokens 0 to 191',
      'late.txt, tokens 10000 to 10191'
    ])
    expect(result.attributes['left_out']).toEqual([
      '.hidden: is hidden',
      'empty.txt: is empty',
      'link.txt: is no file',
      'loop: is no file',
      'pipe: is no file',
      'binary.bin: not UTF-8 text between bytes 0 and 3; left out from there on',
      expect.stringMatching(
        /^late.txt: not UTF-8 text between bytes 16380 and 20001; left out from there on$/
      ),
      'sparse.txt: holds a zero byte at 0; left out from there on',
      'zero.dat: holds a zero byte at 1; left out from there on'
    ])
    expect(process.memoryUsage().rss - before).toBeLessThan(256 * 2 ** 20)
  })

  it.each([
    [
      'is none',
      () => join(tmpdir(), 'no-such-file'),
      `not-found: ${join(tmpdir(), 'no-such-file')}: does not exist`
    ],
    [
      'is empty',
      () => join(folderWith({ e: '' }), 'e'),
      'invalid-argument: There are no tokens to read (e: is empty)'
    ],
    [
      'is binary',
      () => join(folderWith({ b: Uint8Array.of(255) }), 'b'),
      'file-invalid: b: not UTF-8 text between bytes 0 and 1'
    ],
    ['is a device', () => '/dev/null', 'file-invalid: null: is a device, not a file'],
    [
      'is a folder of nothing',
      () => folderWith({ '.x': 'x' }),
      /^file-invalid: .*: holds no text file \(\.x: is hidden\)$/
    ]
  ])('refuse a path that %s', async (_, path, message) => {
    const said = await outcome(scores([{ path: path() }]))
    if (typeof message === 'string') expect(said).toBe(message)
    else expect(said).toMatch(message)
  })
})

describe('a corpus', () => {
  /** A clock of which a second passes in a millisecond: what is kept every second is kept after each window. */
  const fast = 'const now = performance.now.bind(performance); performance.now = () => 1000 * now()'
  /** When it stands still for the rest of a test, so that nothing more is kept. */
  let standsStill: () => boolean
  beforeEach(() => {
    const now = performance.now.bind(performance)
    let stoodAt: number | null = null
    standsStill = () => false
    vi.spyOn(performance, 'now').mockImplementation(() => {
      if (stoodAt === null && standsStill()) stoodAt = 1000 * now()
      return stoodAt ?? 1000 * now()
    })
  })
  afterEach(() => void vi.restoreAllMocks())

  /** Enough windows to be interrupted. */
  const many = { window: 192, stride: 40 }

  function watched(until: (progress: Progress) => boolean) {
    const controller = new AbortController()
    const seen: Progress[] = []
    const context = {
      signal: controller.signal,
      progress: (progress: Progress) => {
        seen.push(progress)
        if (until(progress)) controller.abort()
      }
    }
    return { context, seen, controller }
  }
  const windowOf = ({ label }: Progress) => Number(/^Window (\d+)/.exec(label)?.[1] ?? 0)
  const states = (folder: string) =>
    readdirSync(join(folder, 'analyses')).filter(name => name.endsWith('.state'))

  /** What an undisturbed workbench makes of it. */
  async function undisturbed(cut: Partial<Corpus>): Promise<Dataset> {
    const other = await startWorkbench()
    await other.handlers['models.open']({ path: shakespeare }, uncancelled())
    try {
      return await scores([{ text: long }], cut, { on: other })
    } finally {
      await other.close()
    }
  }

  it('that is cancelled goes on from where it was, to the same result bit for bit', async () => {
    const first = watched(() => false)
    const running = outcome(scores([{ text: long }], many, { context: first.context }))
    await expect.poll(() => states(data).length).toBe(1)
    first.controller.abort()
    expect(await running).toBe('cancelled: Cancelled')
    const second = watched(() => false)
    const result = await scores([{ text: long }], many, { context: second.context })
    expect(windowOf(second.seen.find(progress => windowOf(progress) > 0)!)).toBeGreaterThan(1)
    expect(result).toEqual(await undisturbed(many))
    expect(states(data)).toEqual([])
    // Kept: nothing runs.
    const third = watched(() => false)
    expect(await scores([{ text: long }], many, { context: third.context })).toEqual(result)
    expect(third.seen).toEqual([])
  })

  it.each([
    ['is kept for no time when the file is there', () => false],
    ['leaves no state for such a time', (label: string) => label.startsWith('c.txt, tokens 80')]
  ])('that lacks a file %s', async (_, isOver) => {
    const folder = folderWith({ 'a.txt': long, 'below/b.txt': 'second', 'c.txt': long })
    // A folder that comes back holds the files that it held.
    const [below, away] = [join(folder, 'below'), `${folder}-away`]
    const lacking = watched(({ label }) => {
      if (existsSync(below)) renameSync(below, away)
      return isOver(label.replace(/^Window \d+: /, ''))
    })
    const said = await outcome(
      scores([{ path: folder }], many, { context: lacking.context }).then(result =>
        JSON.stringify(result.attributes['left_out'])
      )
    )
    const { aborted } = lacking.controller.signal
    const left = '["b.txt: is no longer where it was opened; left out from there on"]'
    expect(said).toBe(aborted ? 'cancelled: Cancelled' : left)
    renameSync(away, below)
    const whole = await scores([{ path: folder }], many)
    expect(labels(whole)).toContain('below/b.txt')
    expect(whole.attributes['left_out']).toBeUndefined()
  })

  it('tells of what it leaves out now, not of what another did', async () => {
    const folder = folderWith({ 'a.txt': verse })
    execFileSync('mkfifo', [join(folder, 'pipe')])
    const before = await scores([{ path: folder }])
    expect(before.attributes['left_out']).toEqual(['pipe: is no file'])
    unlinkSync(join(folder, 'pipe'))
    expect((await scores([{ path: folder }])).attributes['left_out']).toBeUndefined()
  })

  it('whose state or result is damaged is computed anew', async () => {
    const kept = mkdtempSync(join(tmpdir(), 'lamella-analyses-'))
    const other = await startWorkbench({}, kept)
    await other.handlers['models.open']({ path: shakespeare }, uncancelled())
    const stopped = watched(() => false)
    const isKept = () => readdirSync(kept).includes('analyses') && states(kept).length === 1
    // Kept once, it is not written over once it is damaged.
    standsStill = isKept
    const running = outcome(scores([{ text: long }], many, { on: other, context: stopped.context }))
    await expect.poll(isKept).toBe(true)
    stopped.controller.abort()
    await running
    const flip = (name: string, at: (length: number) => number) => {
      const path = join(kept, 'analyses', name)
      const bytes = readFileSync(path)
      bytes[at(bytes.length)]! ^= 1
      writeFileSync(path, bytes)
    }
    flip(states(kept)[0]!, length => length - 100)
    const seen = watched(() => false)
    const result = await scores([{ text: long }], many, { on: other, context: seen.context })
    expect(windowOf(seen.seen.find(progress => windowOf(progress) > 0)!)).toBe(1)
    const [name] = readdirSync(join(kept, 'analyses'))
    flip(name!, length => length >> 1)
    const again = watched(() => false)
    expect(await scores([{ text: long }], many, { on: other, context: again.context })).toEqual(
      result
    )
    expect(again.seen).not.toEqual([])
    await other.close()
  })

  it('whose process is killed goes on in the next one', async () => {
    const kept = mkdtempSync(join(tmpdir(), 'lamella-analyses-'))
    const text = join(folderWith({ 'long.txt': long }), 'long.txt')
    const out = join(kept, 'scores.json')
    const words = [
      ...['--import', `data:text/javascript,${encodeURIComponent(fast)}`],
      ...[builtCommand, 'analyse', 'head-scores', shakespeare],
      ...[
        '--text-file',
        text,
        '--window',
        '192',
        '--stride',
        '40',
        '--provider',
        'cpu',
        '--out',
        out
      ]
    ]
    const env = { ...process.env, LAMELLA_DATA: kept }
    const killed = spawn(process.execPath, words, { env, stdio: 'ignore' })
    const folder = join(kept, 'analyses')
    const found = () => {
      try {
        return readdirSync(folder).some(name => name.endsWith('.state'))
      } catch {
        return false
      }
    }
    await expect.poll(found).toBe(true)
    killed.kill('SIGKILL')
    await new Promise(resolve => killed.on('exit', resolve))
    const said = await new Promise<string>((resolve, reject) => {
      const child = spawn(process.execPath, words, { env, stdio: ['ignore', 'ignore', 'pipe'] })
      let lines = ''
      child.stderr.setEncoding('utf8').on('data', (chunk: string) => (lines += chunk))
      child.on('close', code => (code === 0 ? resolve(lines) : reject(new Error(lines))))
    })
    expect(Number(/^Window (\d+)/m.exec(said)![1])).toBeGreaterThan(1)
    const written = JSON.parse(readFileSync(out, 'utf8')) as {
      variables: Record<string, { data: unknown }>
    }
    const expected = await scores([{ path: text }], many)
    expect((written.variables['entropy']!.data as number[][]).flat()).toEqual(
      data64(expected, 'entropy')
    )
    expect((written.variables['sink']!.data as number[][][]).flat(2)).toEqual(
      data64(expected, 'sink')
    )
  })

  it('asked for twice at once runs once, and goes on while somebody wants it', async () => {
    const inputs = [{ text: long.slice(1) }]
    const leaving = watched(progress => windowOf(progress) === 4)
    const staying = watched(() => false)
    const left = outcome(scores(inputs, many, { context: leaving.context }))
    const stayed = scores(inputs, many, { context: staying.context })
    expect(await left).toBe('cancelled: Cancelled')
    await stayed
    const windows = staying.seen.map(windowOf).filter(window => window > 0)
    expect(windows[0]).toBe(1)
    // No window twice.
    expect(windows).toEqual([...new Set(windows)].toSorted((a, b) => a - b))
  })

  it('of a model whose file changes meanwhile is refused by name', async () => {
    const folder = join(mkdtempSync(join(tmpdir(), 'lamella-model-')), 'copy')
    cpSync(shakespeare, folder, { recursive: true })
    const of = await open(folder)
    const context = watched(progress => {
      if (windowOf(progress) === 3) utimesSync(join(folder, 'model.safetensors'), 1, 1)
      return false
    }).context
    const message = 'file-changed: model.safetensors: changed since it was opened'
    expect(await outcome(scores([{ text: long }], many, { of, context }))).toBe(message)
    // What is kept is not given for another file either.
    expect(await outcome(scores([{ text: verse }], {}, { of }))).toBe(message)
  })

  it('answers others while it runs', async () => {
    const longest = await longestTurn(() => scores([{ text: long.slice(2) }], many))
    expect(longest).toBeLessThan(500)
  })
})

describe('params and subjects', () => {
  const text = [{ text: 'abc' }]
  it.each([
    ['head-scores', { layers: [4] }, 'layer 4 is outside 0…3'],
    ['head-scores', { layers: [] }, /^head-scores: layers: /],
    ['patterns', { layr: 0 }, 'patterns: "layr" is not known'],
    ['head-scores', { layers: 'x' }, 'head-scores: layers: expected a list, got "x"'],
    ['head-importance', { target: 'x' }, 'head-importance: target: expected an object, got "x"'],
    [
      'head-importance',
      { target: { kind: 'x' } },
      'target.kind: expected "logit" or "difference" or "probability" or "loss", got "x"'
    ],
    ['head-scores', { layers: [-1] }, /^head-scores: layers\.0: /],
    ['head-scores', { layers: [0.5] }, /^head-scores: layers\.0: /],
    ['head-scores', { layers: 'all' }, /^head-scores: layers: /],
    ['head-scores', { nothing: 1 }, /^head-scores: "nothing" is not known/],
    [
      'head-scores',
      JSON.parse('{"__proto__":{"layers":[0]}}') as object,
      /^head-scores: "__proto__" is not known/
    ],
    ['head-scores', [], /^head-scores: .*expected an object/],
    ['head-scores', null, /^head-scores: .*expected an object/],
    ['patterns', { layer: 0, size: 1e9 }, /^patterns: size: /],
    ['patterns', { layer: 0, head: 4 }, 'blocks.0.attn.hook_pattern: head 4 is outside 0…3'],
    ['predictions', { position: 3 }, 'position 3 is outside 0…2'],
    ['predictions', { top: 0 }, /^predictions: top: /],
    ['random-repeat', { length: 1e6 }, /^random-repeat: length: /],
    ['constructor', {}, 'constructor: there is no such analysis']
  ])('%s refuses %j', async (name, params, message) => {
    await expect(scores(text, {}, { name, params })).rejects.toThrow(message)
  })

  it.each([
    [[{ ids: [65] }], {}, 'Token 65 is outside the vocabulary of 65'],
    [[{ text: 'a'.repeat(193) }], {}, /has 193 tokens; shakespeare-char takes at most 192/],
    [[{ text: '' }], {}, 'There are no tokens to read'],
    [
      [{ text: 'abc' }],
      { window: 193 },
      'A window of 193 tokens is longer than shakespeare-char takes, 192'
    ]
  ])('refuses %j cut as %j', async (inputs, cut, message) => {
    await expect(scores(inputs, cut)).rejects.toThrow(message)
  })

  it('says what of one window, of weights and of a text is', async () => {
    const two = [{ text: 'ab' }, { text: 'cd' }]
    await expect(scores(two, {}, { name: 'predictions' })).rejects.toThrow(
      'predictions: is of one window, and there are more'
    )
    await expect(scores(text, {}, { name: 'parameters' })).rejects.toThrow(
      "parameters: is of the model's weights; it takes no text"
    )
    const of = {
      model: { path: model.path, fingerprint: model.fingerprint },
      corpus: null,
      edits: [],
      provider: 'cpu' as const
    }
    const run = (params: object) =>
      workbench.handlers['analysis.run'](
        { name: 'head-scores', params: {}, of, with: null, ...params },
        uncancelled()
      )
    await expect(run({})).rejects.toThrow('head-scores: a text is needed, or token ids')
    await expect(run({ with: of })).rejects.toThrow('head-scores: is of one subject, not of two')
    const gone = { ...of, model: { ...of.model, fingerprint: 'x' } }
    await expect(run({ of: gone })).rejects.toThrow('is another model now than the one asked for')
  })

  it('may be of runs that are edited', async () => {
    const ref = { path: model.path, fingerprint: model.fingerprint }
    const run = (edit: Partial<Edit>) => {
      const edits = [{ hook: 'blocks.1.attn.hook_z', at: {}, scale: 1, add: null, ...edit }]
      const corpus = { inputs: [{ text: verse }], window: 40, stride: null }
      const of = { model: ref, corpus, edits, provider: 'cpu' as const }
      const asked = { name: 'head-scores', params: {}, of, with: null }
      return workbench.handlers['analysis.run'](asked, uncancelled())
    }
    const plain = data64(await scores([{ text: verse }], { window: 40 }), 'entropy')
    expect(data64(await run({}), 'entropy')).toEqual(plain)
    const edited = await run({ scale: 0, at: { head: [2] } })
    expect(edited.attributes['edits']).toMatchObject([{ hook: 'blocks.1.attn.hook_z', scale: 0 }])
    // What is before the edit stays as it is.
    expect(data64(edited, 'entropy').slice(0, 8)).toEqual(plain.slice(0, 8))
    expect(data64(edited, 'entropy').slice(8)).not.toEqual(plain.slice(8))
  })

  it('scores some layers as it scores all', async () => {
    const all = await scores([{ text: verse }])
    const one = await scores([{ text: verse }], {}, { params: { layers: [2, 2] } })
    expect(one.axes['layer']).toEqual({ length: 1, labels: ['2'] })
    data64(one, 'entropy').forEach((value, head) =>
      expect(value).toBeCloseTo(data64(all, 'entropy')[8 + head]!, 6)
    )
  })

  it('repeats random tokens of its own, the same for equal seeds', async () => {
    const run = (params: object) => {
      const of = {
        model: { path: model.path, fingerprint: model.fingerprint },
        corpus: null,
        edits: [],
        provider: 'cpu' as const
      }
      return workbench.handlers['analysis.run'](
        { name: 'random-repeat', params: params as never, of, with: null },
        uncancelled()
      )
    }
    const given = await run({ length: 30, batch: 3, seed: 7 })
    const tokens = data64(given, 'tokens')
    expect(given.axes['window']?.length).toBe(3)
    expect(tokens).toHaveLength(180)
    expect(tokens.slice(30, 60)).toEqual(tokens.slice(0, 30))
    expect(new Set(tokens).size).toBeGreaterThan(30)
    expect(Math.max(...tokens)).toBeLessThan(65)
    expect(data64(await run({ length: 30, batch: 3, seed: 8 }), 'tokens')).not.toEqual(tokens)
    expect(Math.max(...data64(given, 'induction'))).toBeGreaterThan(0.5)
    await expect(scores([{ ids: [1, 2, 3] }], {}, { name: 'random-repeat' })).rejects.toThrow(
      'random-repeat: tokens: is no sequence that comes twice'
    )
  })

  it('repeats as many random tokens as the model takes twice', async () => {
    const of = { path: join(projectRoot, 'test/golden/gpt2') }
    const small = await workbench.handlers['models.open'](of, uncancelled())
    expect(small.config?.nCtx).toBe(64)
    const run = (on: ModelInfo, params: object) => {
      const ref = { path: on.path, fingerprint: on.fingerprint }
      const of = { model: ref, corpus: null, edits: [], provider: 'cpu' as const }
      const asked = { name: 'random-repeat', params: { batch: 1, ...params }, of, with: null }
      return workbench.handlers['analysis.run'](asked, uncancelled())
    }
    const usual = await run(model, {})
    expect([usual.axes['pos']?.length, usual.attributes['length']]).toEqual([100, 50])
    const fitting = await run(small, {})
    expect([fitting.axes['pos']?.length, fitting.attributes['length']]).toEqual([64, 32])
    await expect(run(small, { length: 33 })).rejects.toMatchObject({
      message: 'random-repeat: 33 tokens that come twice are 66; gpt2 takes at most 64',
      hint: 'Set length to 32 or less.'
    })
  })
})

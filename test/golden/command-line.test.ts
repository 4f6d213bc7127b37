import { cpSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { unzipSync } from 'fflate'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ModelInfo } from '#common/contract/schemas.ts'
import { commandLine, type CommandLine } from '../command-line.ts'
import { soliloquy } from '../main/workbench/analysis/soliloquy.ts'
import { expectClose, readGolden } from './compare.ts'
import { families } from './families.ts'
import { hebrew, projectRoot, shakespeare, sharedWorkbench } from './workbench.ts'

const golden = join(projectRoot, 'test/golden')
const out = join(mkdtempSync(join(tmpdir(), 'lamella-trace-')), 'trace.safetensors')

let commands: CommandLine
beforeAll(async () => {
  commands = commandLine(await sharedWorkbench())
})
afterAll(() => commands.close())

/** What `heads --json` prints. */
interface Report {
  settings: Record<string, unknown>
  heads: {
    layer: number
    head: number
    scores: Record<string, Record<string, number>>
    random_repeat: Record<string, number>
  }[]
  findings: {
    score: string
    text: string
    holds: boolean
    ablation: { loss: number; zero: number; mean: number } | null
  }[]
}

/** What a command prints. @throws Error with what it says of its failure */
async function lamella(...words: string[]): Promise<string> {
  return (await printedBy(...words)).printed
}

/** What a command prints, and what it says beside. @throws Error with what it says of its failure */
async function printedBy(...words: string[]): Promise<{ printed: string; complaint: string }> {
  const { status, out: printed, error: complaint } = await commands.run(...words)
  if (status !== 0) throw new Error(complaint)
  return { printed, complaint }
}

describe('what the reading of a model takes for granted', () => {
  const folder = join(mkdtempSync(join(tmpdir(), 'lamella-notes-')), 'nameless')
  const note = 'config.json says no model_type: what fits its tensors is bert.'
  beforeAll(async () => {
    cpSync(join(golden, 'bert'), folder, { recursive: true })
    const file = join(folder, 'config.json')
    const config = JSON.parse(await readFile(file, 'utf8')) as object
    writeFileSync(
      file,
      JSON.stringify({ ...config, model_type: undefined, architectures: undefined })
    )
  })

  it.each([
    ['predict', ['--tokens', '5,17,3', '--position', '1']],
    ['trace', ['--tokens', '5,17,3', '--hooks', 'logits', '--out', out]],
    ['analyse', ['--tokens', '5,17,3', '--json']]
  ])('is warned of by %s', async (name, words) => {
    const command = name === 'analyse' ? [name, 'hidden-states'] : [name]
    const { complaint } = await printedBy(...command, folder, ...words)
    expect(complaint).toContain(`warning: nameless: ${note}\n`)
  })

  it('is among what info prints, and no warning', async () => {
    const { printed, complaint } = await printedBy('info', folder)
    expect(printed).toContain(`note            ${note}`)
    expect(complaint).toBe('')
  })
})

describe('tokens', () => {
  it('tells ids, bytes and offsets; what ids stand for; and how a text became them', async () => {
    const rows = JSON.parse(await lamella('tokens', shakespeare, '--text', 'So é', '--json')) as {
      id: number
      bytes: number[]
    }[]
    expect(rows.map(({ bytes }) => bytes).slice(0, 3)).toEqual([[83], [111], [32]])
    const ids = rows.slice(0, 2).map(({ id }) => id)
    const back = JSON.parse(
      await lamella('tokens', shakespeare, '--decode', [...ids, 9999].join(), '--json')
    ) as { text: string; tokens: { token: string }[] }
    expect(back.text).toBe('So')
    expect(back.tokens.map(({ token }) => token)).toEqual(['S', 'o', '#9999'])
    const explained = JSON.parse(
      await lamella('tokens', shakespeare, '--text', 'So', '--explain', '--json')
    ) as { tokens: unknown[]; explanation: { kind: string; normalized: string; parts: unknown[] } }
    expect(explained.tokens).toHaveLength(2)
    expect(explained.explanation).toMatchObject({ kind: 'WordLevel', normalized: 'So' })
    expect(await lamella('tokens', shakespeare, '--text', 'So', '--explain')).toContain(
      'normalised  "So"'
    )
  })

  it('sets them beside those of another model, characters, bytes and words', async () => {
    const text = 'שלום עולם'
    const compared = async (against: string) =>
      JSON.parse(
        await lamella('tokens', hebrew, '--text', text, '--against', against, '--json')
      ) as {
        comparison: {
          words: number
          sides: { name: string; tokens: number }[]
          different: unknown[]
        }
      }
    const characters = (await compared('characters')).comparison
    expect(characters).toMatchObject({ words: 2, different: [] })
    expect(characters.sides.map(({ tokens }) => tokens)).toEqual([text.length, text.length])
    expect((await compared('bytes')).comparison.sides[1]?.tokens).toBe(Buffer.from(text).length)
    expect((await compared('words')).comparison.sides[1]?.tokens).toBe(2)
    expect((await compared(hebrew)).comparison.different).toEqual([])
    const table = await lamella('tokens', hebrew, '--text', text, '--against', 'words')
    expect(table).toMatch(/split alike in 0 places, otherwise in 2/)
  })

  it.each([
    [['--text', 'a'.repeat(10_001), '--explain'], /10001 characters is too long to be explained/],
    [['--text', 'a', '--against', 'nowhere'], /nowhere/],
    [['--decode', '5', '--explain'], /cannot be used/]
  ])('refuses %j', async (words, message) => {
    await expect(lamella('tokens', shakespeare, ...words)).rejects.toThrow(message)
  })
})

describe('info', () => {
  it.each(families)('tells what %s is', async name => {
    const info = JSON.parse(await lamella('info', join(golden, name), '--json')) as ModelInfo &
      NonNullable<ModelInfo['config']>
    expect(info.notRunnable).toBeNull()
    expect(info.nLayers).toBeGreaterThan(1)
    expect(info.nHeads % info.nKeyValueHeads).toBe(0)
    expect(info.parameters).toBeGreaterThan(10_000)
    expect(info.tensors.length).toBeGreaterThan(10)
    for (const width of [info.dModel, info.dHead, info.dMlp, info.dVocab, info.nCtx])
      expect(width).toBeGreaterThan(0)
  })
})

describe('generate', () => {
  const romeo = 'I would not be so seen to be so seen to be so'

  it('goes on with a text, as text and as JSON', async () => {
    const words = ['generate', shakespeare, '--text', 'ROMEO:\n', '--max', String(romeo.length)]
    expect(await lamella(...words)).toBe(`ROMEO:\n${romeo}\n`)
    const found = JSON.parse(await lamella(...words, '--json', '--top', '2')) as {
      ids: number[]
      continuation: string
      steps: {
        id: number
        probability: number
        candidates: { id: number; probability: number; drawn: number }[]
      }[]
    }
    expect(found.continuation).toBe(romeo)
    expect(found.steps.map(({ id }) => id)).toEqual(found.ids)
    const [first] = found.steps
    const { id, probability } = first!
    expect(first!.candidates).toMatchObject([{ id, probability, drawn: 1 }, { drawn: 0 }])
    const cold = [
      ...words.slice(0, 4),
      '--max',
      '1',
      '--temperature',
      '0.5',
      '--json',
      '--top',
      '2'
    ]
    const { steps } = JSON.parse(await lamella(...cold)) as typeof found
    const [top] = steps[0]!.candidates
    expect(top!.probability).toBeCloseTo(probability, 5)
    expect(top!.drawn).toBeGreaterThan(top!.probability)
    expect(found).toMatchObject({
      ...{ ended: 'length', whole: null },
      settings: { sampling: null, stop: true, edits: [] }
    })
    const each = JSON.parse(await lamella(...words, '--no-cache', '--no-stop', '--json')) as object
    expect(each).toMatchObject({
      ...{ continuation: romeo, settings: { stop: false } },
      whole: 'keys and values are not to be kept'
    })
  })

  it('draws by a seed, and does without a head', async () => {
    const words = ['generate', shakespeare, '--text', 'ROMEO:\n', '--max', '20']
    const drawn = (seed: number) => lamella(...words, '--seed', String(seed), '--top-p', '0.9')
    expect(await drawn(1)).toBe(await drawn(1))
    expect(await drawn(1)).not.toBe(await drawn(2))
    const without = '{"hook":"blocks.*.hook_attn_out","scale":0}'
    expect(await lamella(...words, '--edit', without)).not.toContain(romeo.slice(0, 20))
  })

  it.each([
    [['--temperature', '0'], /Expected a number above 0/],
    [['--top-p', '1.5'], /at most 1\./],
    [['--top-k', '0'], /Expected a whole number from 1/],
    [['--max', '0'], /Expected a whole number from 1/]
  ])('refuses %j', async (words, message) => {
    await expect(lamella('generate', shakespeare, '--text', 'a', ...words)).rejects.toThrow(message)
  })
})

describe('heads', () => {
  const words = ['heads', shakespeare, '--text', soliloquy.slice(0, 288), '--window', '24']
  it('says what each head does, how sure that is, and what it is worth', async () => {
    const found = JSON.parse(
      await lamella(...words, '--class', 'th=^[Tt]$', '--ablation', '--json')
    ) as Report
    expect(found.heads).toHaveLength(16)
    expect(found.heads[5]).toMatchObject({ layer: 1, head: 1 })
    const { value, low, high, baseline, spread, p, windows } = found.heads[0]!.scores['induction']!
    for (const number of [value, low, high, baseline, spread, p, windows])
      expect(number).toBeGreaterThan(0)
    expect(found.heads[0]!.scores).toHaveProperty('to_th')
    const repeats = await lamella('analyse', 'random-repeat', shakespeare, '--json')
    const { variables } = JSON.parse(repeats) as {
      variables: { induction: { data: number[][] } }
    }
    const inductions = found.heads.map(({ random_repeat }) => random_repeat['induction'])
    expect(inductions).toEqual(variables.induction.data.flat())
    const previous = found.findings.find(({ score, holds }) => score === 'previous_token' && holds)!
    expect(previous.text).toMatch(
      /^head \d\.\d: previous token, 0\.\d{2,} ± 0\.\d{2,} \(baseline 0\.\d{2,}\), p ≤ 0\.\d+, held on \d+ of \d+ windows$/
    )
    expect(previous.ablation!.zero).not.toBe(previous.ablation!.loss)
    expect(found.settings).toMatchObject({ window: 24, model: 'shakespeare-char' })
  })

  it('writes contexts of every head as HeadVis reads them, and reads them again', async () => {
    const folder = join(mkdtempSync(join(tmpdir(), 'lamella-headvis-')), 'tree')
    expect(await lamella(...words, '--contexts', folder)).toContain(`${folder}: 20 files`)
    const listed = JSON.parse(await lamella('headvis', folder, '--json')) as {
      config: Record<string, unknown>
      heads: Record<string, number>[]
    }
    expect(listed.config).toMatchObject({ model_name: 'shakespeare-char', n_intervals: 10 })
    expect(listed.heads).toHaveLength(16)
    const scores = await lamella('analyse', 'head-scores', ...words.slice(1), '--json')
    const { variables } = JSON.parse(scores) as {
      variables: Record<string, { data: number[][] & number[][][] }>
    }
    const row = listed.heads.find(({ layer, head }) => layer === 2 && head === 1)!
    expect(row['prev_token_score']).toBeCloseTo(variables['offset']!.data[2]![1]![1]!, 5)
    expect(row['qk_distance']).toBeCloseTo(variables['distance']!.data[2]![1]!, 4)
    const { sequences } = JSON.parse(
      await lamella('headvis', folder, '--head', '2.1', '--json')
    ) as {
      sequences: { sequence_id: number; tokens: string[]; interval: number }[]
    }
    expect(Math.max(...sequences.map(({ interval }) => interval))).toBe(10)
    for (const { sequence_id: window, tokens } of sequences)
      expect(tokens.join('')).toBe(soliloquy.slice(24 * window, 24 * window + 24))
    expect(await lamella('headvis', folder)).toMatch(/^0\.0 +0\.\d+/m)
    expect(await lamella('headvis', folder, '--head', '2.1')).toMatch(
      /^10\/10 .*query \d+, key \d+/
    )
    await expect(lamella(...words, '--contexts', folder)).rejects.toThrow('nothing is written over')
  })

  it('writes a report that stands by itself, and says how to make it again', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'lamella-heads-')), 'report.html')
    const text = soliloquy.replace('question', '<script>alert(1)</script>')
    await lamella(
      'heads',
      shakespeare,
      '--text',
      text.slice(0, 600),
      '--window',
      '48',
      '--out',
      file
    )
    const page = await readFile(file, 'utf8')
    expect(page).toMatch(/^<!doctype html>/)
    expect(page).not.toMatch(/<script|src=|href=|url\(/)
    expect(page).toContain('held on')
    expect(page).toContain('lamella heads')
    const { fingerprint } = JSON.parse(await lamella('info', shakespeare, '--json')) as ModelInfo
    expect(page).toContain(fingerprint)
  })

  it('writes all scores of all heads as a table', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'lamella-heads-')), 'atlas.csv')
    await lamella(...words, '--out', file)
    const whole = (await readFile(file, 'utf8')).trim().split('\r\n')
    const lines = whole.filter(line => !line.startsWith('#'))
    expect(whole.slice(0, -lines.length)).toEqual(
      expect.arrayContaining([
        '# analysis: head-statistics',
        expect.stringMatching(/^# params: \{.*"seed":/),
        expect.stringMatching(/^# fingerprint: /),
        expect.stringMatching(/^# inputs: "text: /),
        expect.stringMatching(/^# lamella: \d/)
      ])
    )
    expect(lines[0]).toBe('score,score_label,layer,head,value,baseline,spread,low,high,p,windows')
    // Seven scores, ten classes of tokens, and three numbers on random tokens.
    expect(lines).toHaveLength(1 + 20 * 16)
    const { heads } = JSON.parse(await lamella(...words, '--json')) as Report
    const own = heads[5]!.scores['induction']!
    const { value, baseline, spread, low, high, p, windows } = own
    expect(lines).toContain(
      ['4,induction,1,1', value, baseline, spread, low, high, p, windows].join()
    )
  })

  it('says that too few windows find nothing', async () => {
    expect(await lamella('heads', shakespeare, '--text', 'To be, or not')).toBe('No findings.\n')
  })

  it.each([
    [[], /a text is needed/],
    [['--text', 'a', '--class', 'x'], /a name and a regular expression/],
    [['--text', 'a', '--class', 'x=('], /expected a regular expression/],
    [['--text', 'a', '--out', 'report.txt'], /a report ends in \.html/]
  ])('refuses %j', async (words, message) => {
    await expect(lamella('heads', shakespeare, ...words)).rejects.toThrow(message)
  })
})

describe('heads --with', () => {
  interface Compared {
    readonly models: readonly {
      readonly windows: number
      readonly window: number | null
      readonly stride: number | null
    }[]
    readonly notes: readonly string[]
  }
  const genesis = `בראשית ברא אלהים את השמים ואת הארץ.
והארץ היתה תהו ובהו וחשך על פני תהום ורוח אלהים מרחפת על פני המים.
ויאמר אלהים יהי אור ויהי אור.
וירא אלהים את האור כי טוב ויבדל אלהים בין האור ובין החשך.
ויקרא אלהים לאור יום ולחשך קרא לילה ויהי ערב ויהי בקר יום אחד.
ויאמר אלהים יהי רקיע בתוך המים ויהי מבדיל בין מים למים.
`
  const english = [shakespeare, '--text', soliloquy, '--window', '24', '--provider', 'cpu']
  const words = ['heads', ...english, '--with', hebrew, '--with-text', genesis]

  it('sets two models side by side, each on texts of its own, in words', async () => {
    const said = await lamella(...words)
    expect(said).toMatch(
      /Previous-token heads: [2-9] of 16 in shakespeare-char \(layers? 0.* over a baseline of 0\.\d+\); [1-9] of 16 in hebrew-minigpt/
    )
    expect(said).toMatch(/Attention to the first token: .* the difference is \+0\.\d+ \(95 % \+/)
    expect(said).toMatch(/Attention from letters to vowels: /)
  })

  it('has in JSON the numbers that each model has by itself', async () => {
    const compared = JSON.parse(await lamella(...words, '--json')) as {
      axes: Record<string, { labels: string[] }>
      variables: Record<string, { data: number[][] }>
      attributes: { words: string[]; notes: string[]; rule: string }
    }
    const alone = JSON.parse(await lamella('heads', ...english, '--json')) as Report
    const { score, head } = compared.axes
    const at = score!.labels.indexOf('previous_token')
    expect(head!.labels.slice(14, 18)).toEqual([
      ...['shakespeare-char 3.2', 'shakespeare-char 3.3'],
      ...['hebrew-minigpt 0.0', 'hebrew-minigpt 0.1']
    ])
    const values = compared.variables['value']!.data[at]!
    expect(values.slice(0, 16)).toEqual(
      alone.heads.map(({ scores }) => scores['previous_token']!.value)
    )
    const { value, low, high } = Object.fromEntries(
      ['value', 'low', 'high'].map(name => [name, compared.variables[`difference.${name}`]!.data])
    ) as unknown as Record<string, number[]>
    value!.forEach((own, i) => {
      if (low![i] === null) return
      expect(own).toBeGreaterThan(low![i]!)
      expect(own).toBeLessThan(high![i]!)
    })
    expect(compared.attributes.rule).toBe('found')
    expect(compared.attributes.notes.join()).toContain('Vocabularies differ: 65')
  })

  it('compares a model with itself edited, head by head', async () => {
    const edit = { hook: 'blocks.0.attn.hook_z', scale: 0 }
    const other = ['--with', shakespeare, '--edit', JSON.stringify(edit)]
    const said = await lamella('heads', ...english, ...other)
    expect(said).toContain('Head by head')
    expect(said).toMatch(/of 16 in the first.* of 16 in the second/)
    // What comes before the edit is as it was.
    expect(said).toMatch(
      /Previous-token heads: \d+ of 16 heads are told apart; furthest of these [1-3]\.\d/
    )
  })

  it('cuts what the second reads as is said of it', async () => {
    const words = ['heads', shakespeare, '--text', soliloquy.slice(0, 288), '--window', '24']
    const cut = async (...more: readonly string[]) => {
      const said = await lamella(...words, '--with', shakespeare, ...more, '--json')
      const { models, notes } = (JSON.parse(said) as { attributes: Compared }).attributes
      const differ = notes.filter(note => note.includes(' differ: '))
      return [models.map(({ windows, window, stride }) => [windows, window, stride]), differ]
    }
    // 288 letters are as many tokens.
    expect(await cut()).toEqual([
      [
        [12, 24, null],
        [12, 24, null]
      ],
      []
    ])
    expect(await cut('--with-window', '48')).toEqual([
      [
        [12, 24, null],
        [6, 48, null]
      ],
      [expect.stringContaining('24 tokens in the first, 48 tokens in the second')]
    ])
    expect(await cut('--with-stride', '12')).toEqual([
      [
        [12, 24, null],
        [23, 24, 12]
      ],
      [expect.stringContaining('follow one another in the first, begin every 12 tokens in')]
    ])
  })

  it.each([
    [['--with-text', 'a'], /texts to compare with need --with/],
    [['--with-window', '8'], /need --with FOLDER, and so does how they are cut/],
    [['--with-stride', '8'], /need --with FOLDER, and so does how they are cut/],
    [['--with', hebrew, '--ablation'], /without --ablation/],
    [['--with', hebrew, '--out', 'report.html'], /\.html|ending/]
  ])('refuses %j', async (more, message) => {
    await expect(lamella('heads', shakespeare, '--text', 'a', ...more)).rejects.toThrow(message)
  })
})

describe('trace', () => {
  it.each([
    ['gpt2', join(golden, 'gpt2')],
    ['shakespeare-char', shakespeare]
  ])('writes what PyTorch computes of %s', async (name, folder) => {
    const expected = await readGolden(join(golden, name, 'golden.safetensors'))
    const ids = [...(await expected.read('input_ids'))]
    const hooks = 'blocks.*.attn.hook_pattern,blocks.*.hook_resid_pre,logits'
    const words = ['--tokens', ids.join(','), '--hooks', hooks, '--provider', 'cpu', '--out', out]
    await lamella('trace', folder, ...words)
    const written = await readGolden(out)
    expect([...(await written.read('tokens'))]).toEqual(ids)
    const nLayers = expected.names.filter(tensor => tensor.startsWith('pattern')).length
    expect(written.names).toHaveLength(2 + 2 * nLayers)
    for (let l = 0; l < nLayers; l++)
      for (const [hook, tensor] of [
        [`blocks.${l}.attn.hook_pattern`, `pattern.${l}`],
        [`blocks.${l}.hook_resid_pre`, `hidden.${l}`]
      ] as const) {
        expect(written.shape(hook)).toEqual(expected.shape(tensor))
        expectClose(await written.read(hook), await expected.read(tensor), 1e-4, hook)
      }
    expectClose(await written.read('logits'), await expected.read('logits'), 1e-3, 'logits')
  })

  it.each(['trace', 'gradient'])('%s says in its file what it is of', async command => {
    const edit = { hook: 'blocks.1.attn.hook_z', at: { head: [2] }, scale: 0 }
    const words = [command, shakespeare, '--text', 'שto', '--hooks', 'blocks.0.attn.hook_pattern']
    const more = ['--edit', JSON.stringify(edit), '--provider', 'cpu']
    const target = command === 'gradient' ? ['--loss'] : []
    const all = [...words, ...more, ...target, '--out']
    await lamella(...all, out)
    const npz = out.replace('.safetensors', '.npz')
    await lamella(...all, npz)
    const bytes = await readFile(out)
    const header = JSON.parse(bytes.toString('utf8', 8, 8 + Number(bytes.readBigUInt64LE()))) as {
      __metadata__: Record<string, string>
    }
    const said = header.__metadata__
    const attributes = JSON.parse(said['attributes']!) as { readonly again: string }
    expect(attributes.again).toMatch(
      new RegExp(
        `lamella -- ${command} shakespeare-char --text 'שto' .* --out [^/ ]+\\.safetensors$`
      )
    )
    expect(attributes).toMatchObject({
      lamella: '1.2.3',
      model: 'shakespeare-char',
      fingerprint: expect.stringMatching(/^\w{20}/) as string,
      provider: 'cpu',
      text: 'שto',
      edits: [{ hook: edit.hook, at: edit.at, scale: 0, add: null }],
      precision: 'float32',
      ...(command === 'gradient' && { target: { kind: 'loss' } })
    })
    expect(JSON.parse(said['labels']!)).toEqual({ pos: ['\n', 't', 'o'] })
    const [name = ''] = Object.keys(header).filter(name => name.endsWith('hook_pattern'))
    const axes = JSON.parse(said['axes']!) as object
    expect(axes).toMatchObject({ tokens: ['pos'], [name]: ['head', 'query', 'key'] })
    // NumPy's archive holds the same.
    const entries = unzipSync(await readFile(npz))
    const names = Object.keys(header).filter(name => name !== '__metadata__')
    expect(Object.keys(entries)).toEqual([
      ...names.map(name => `${name}.npy`),
      'labels.pos.npy',
      'attributes.json'
    ])
    expect(JSON.parse(Buffer.from(entries['attributes.json']!).toString())).toEqual({
      attributes: { ...attributes, again: attributes.again.replace(/\.safetensors$/, '.npz') },
      axes
    })
    const [start, end] = (header as unknown as Record<string, { data_offsets: [number, number] }>)[
      name
    ]!.data_offsets
    const data = 8 + Number(bytes.readBigUInt64LE())
    expect(Buffer.from(entries[`${name}.npy`]!.subarray(start - end))).toEqual(
      bytes.subarray(data + start, data + end)
    )
  })

  it('runs a text as its characters', async () => {
    const text = 'First Citizen:\nBefore we proceed any further, hear me speak.\n'
    const expected = await readGolden(join(golden, 'shakespeare-char', 'golden.safetensors'))
    await lamella('trace', shakespeare, '--text', text, '--hooks', 'logits', '--out', out)
    const written = await readGolden(out)
    expect(await written.read('tokens')).toEqual(await expected.read('input_ids'))
  })
})

describe('predict', () => {
  interface Row {
    readonly position: number | null
    readonly id: number
    readonly logit: number
  }
  const predicted = async (folder: string, ...words: string[]) =>
    JSON.parse(await lamella('predict', folder, ...words, '--json')) as Row[]

  /** A model of masked tokens with a vocabulary of words. */
  const bert = mkdtempSync(join(tmpdir(), 'lamella-bert-'))
  beforeAll(() => {
    for (const name of ['config.json', 'model.safetensors'])
      cpSync(join(golden, 'bert', name), join(bert, name))
    const words = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]', 'to', 'be', 'or', 'not']
    writeFileSync(join(bert, 'vocab.txt'), words.join('\n'))
  })

  it('is of every mask of a text, each by its position', async () => {
    const words = ['--text', 'to [MASK] or [MASK] to be', '--provider', 'cpu']
    const rows = await predicted(bert, ...words, '--top', '2')
    expect(rows.map(({ position }) => position)).toEqual([2, 2, 4, 4])
    await lamella('trace', bert, ...words, '--hooks', 'logits', '--out', out)
    const logits = await (await readGolden(out)).read('logits')
    for (const { position, id, logit } of rows)
      expect(logit).toBeCloseTo(logits[position! * 96 + id]!, 4)
    const best = logits.slice(2 * 96, 3 * 96)
    expect(rows[0]!.id).toBe(best.indexOf(Math.max(...best)))
    expect(await lamella('predict', bert, ...words, '--top', '1')).toMatch(
      /^position {2}token .*\n {7}2 {2}.*\n {7}4 {2}/
    )
  })

  it('of a model of masked tokens is refused without a mask, but for positions that are named', async () => {
    const text = ['--text', 'to be']
    await expect(predicted(bert, ...text)).rejects.toThrow(
      'predicts masked tokens, and the text has no [MASK] (Put the mask'
    )
    const named = await predicted(bert, ...text, '--position', '1,0', '--top', '1')
    expect(named.map(({ position }) => position)).toEqual([1, 0])
    const every = await predicted(bert, ...text, '--position', 'every', '--top', '1')
    expect(every.map(({ position }) => position)).toEqual([0, 1, 2, 3])
  })

  it('takes the mask by its id where no tokenizer tells it', async () => {
    const folder = join(golden, 'bert')
    const ids = ['--tokens', '2,4,7,4,3', '--top', '1']
    await expect(predicted(folder, ...ids)).rejects.toThrow('no tokenizer says which token')
    const rows = await predicted(folder, ...ids, '--mask', '4')
    expect(rows.map(({ position }) => position)).toEqual([1, 3])
    await expect(predicted(folder, ...ids, '--mask', '9')).rejects.toThrow('has no token 9')
  })

  it('of a decoder is of what follows the last token, or one that is named', async () => {
    const ids = ['--tokens', '5,17,3,9', '--top', '1']
    const last = await predicted(join(golden, 'gpt2'), ...ids)
    expect(last.map(({ position }) => position)).toEqual([3])
    expect(await predicted(join(golden, 'gpt2'), ...ids, '--position', '3')).toEqual(last)
    await expect(predicted(join(golden, 'gpt2'), ...ids, '--position', '4')).rejects.toThrow(
      'position 4 is outside 0…3'
    )
  })
})

describe('gradient', () => {
  it('writes what PyTorch computes of gpt2, by the embedding, by hooks and by the scale of an edit', async () => {
    const folder = join(golden, 'gpt2')
    const expected = await readGolden(join(folder, 'golden.safetensors'))
    const ids = [...(await expected.read('input_ids'))]
    const [position = 0, token = 0] = await expected.read('target')
    const hook = 'blocks.1.attn.hook_z'
    const words = ['--tokens', ids.join(','), '--provider', 'cpu', '--out', out]
    const edit = ['--edit', JSON.stringify({ hook, at: { head: [2] }, scale: 1 })]
    const hooks = ['--hooks', 'blocks.1.attn.hook_z,logits']
    await lamella(
      'gradient',
      folder,
      ...words,
      '--target',
      `${position}:${token}`,
      ...hooks,
      ...edit
    )
    const written = await readGolden(out)
    expect([...(await written.read('target'))]).toEqual([position, token])
    const embed = await expected.read('grad_embed')
    const largest = Math.max(...embed.map(Math.abs))
    expectClose(await written.read('grad.embed'), embed, 1e-3 * largest, 'grad.embed')
    const logits = await written.read('grad.logits')
    expect(logits.reduce((sum, slope) => sum + Math.abs(slope), 0)).toBe(1)
    const [, heads = 0, dHead = 0] = written.shape(`grad.${hook}`)
    const slopes = await written.read(`grad.${hook}`)
    const other = join(mkdtempSync(join(tmpdir(), 'lamella-z-')), 'z.safetensors')
    await lamella('trace', folder, ...words.slice(0, 4), '--hooks', hook, '--out', other)
    const z = await (await readGolden(other)).read(hook)
    const own = slopes.map((slope, i) => (Math.floor(i / dHead) % heads === 2 ? slope * z[i]! : 0))
    const scale = own.reduce((sum, part) => sum + part, 0)
    expect((await written.read('grad.scale'))[0]).toBeCloseTo(scale, 4)
    expect((await written.read('value'))[0]).toBeCloseTo(
      (await expected.read('logits'))[position * expected.shape('logits')[1]! + token]!,
      3
    )
    const rows = [...(await written.read('W_E.rows'))]
    expect(rows).toEqual([...new Set(ids)].sort((a, b) => a - b))
    const width = embed.length / ids.length
    const byRow = await written.read('grad.W_E')
    rows.forEach((id, row) => {
      const places = ids.flatMap((other, pos) => (other === id ? [pos] : []))
      const sum = places.reduce((sum, pos) => sum + embed[pos * width]!, 0)
      expect(byRow[row * width]).toBeCloseTo(sum, 3)
    })
  })

  it.each([
    ['3:7-8', { position: 3, token: 7, other: 8 }],
    ['3:7', { position: 3, token: 7, other: null }]
  ])('reads the target %s', async (typed, { position, token, other }) => {
    const words = ['--tokens', '5,17,3,9', '--out', out]
    await lamella('gradient', join(golden, 'gpt2'), ...words, '--target', typed)
    const gradient = await readGolden(out)
    expect([...(await gradient.read('target'))]).toEqual(
      [position, token, other].filter(part => part !== null)
    )
    const [value] = await gradient.read('value')
    await lamella('trace', join(golden, 'gpt2'), ...words, '--hooks', 'logits')
    const trace = await readGolden(out)
    const logits = await trace.read('logits')
    const row = position * trace.shape('logits')[1]!
    const expected = logits[row + token]! - (other === null ? 0 : logits[row + other]!)
    expect(value).toBeCloseTo(expected, 4)
  })

  it('reads labels as head importance does, with -100 for none', async () => {
    const folder = join(golden, 'bert')
    const { read } = await readGolden(join(golden, 'analysis/ablation/bert.0.safetensors'))
    const [ids, labels] = [[...(await read('input_ids'))], [...(await read('labels'))]]
    const masked = [...(await read('masked'))]
    const some = labels.map((label, pos) => (masked.includes(pos) ? label : -100))
    const words = ['--tokens', ids.join(','), '--provider', 'cpu']
    const all = [...(await read('token_loss'))]
    const loss = all.reduce((sum, own) => sum + own, 0) / all.length
    for (const given of [labels, some]) {
      const gradient = ['--loss', '--labels', given.join(','), '--out', out]
      await lamella('gradient', folder, ...words, ...gradient)
      const written = await readGolden(out)
      expect((await written.read('value'))[0]).toBeCloseTo(loss, 4)
      expect([...(await written.read('target'))]).toEqual(some)
      const target = `target=${JSON.stringify({ kind: 'loss', labels: given })}`
      const importance = ['head-importance', folder, ...words, '--set', target, '--json']
      const { variables } = JSON.parse(await lamella('analyse', ...importance)) as {
        variables: { value: { data: number } }
      }
      expect(variables.value.data).toBeCloseTo(loss, 4)
    }
  })

  it.each([
    [['--target', '3:7', '--loss'], /cannot be used with option '--loss'/],
    [[], /one of --target, --probability and --loss is needed/],
    [['--target', '3'], /Expected loss, POS:TOKEN .*such as 7:12/],
    [['--target', '3:7', '--labels', '1'], /--labels goes with --loss/],
    [['--loss', '--labels', '5,17,3,9'], /token of its own position.*shift them by one/],
    [['--loss', '--labels', '5,17'], /expected 4 labels, got 2/],
    [['--loss', '--labels', '5,-1'], /-100 for none/]
  ])('refuses %j', async (words, message) => {
    const all = ['gradient', join(golden, 'gpt2'), '--tokens', '5,17,3,9', '--out', out, ...words]
    await expect(lamella(...all)).rejects.toThrow(message)
  })
})

import {
  chmodSync,
  cpSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ModelInfo } from '#common/contract/schemas.ts'
import { specOf } from '#common/model/describe-file.ts'
import { architectureOf } from '../../../../src/main/architecture/architecture.ts'
import { inferDescription } from '../../../../src/main/architecture/describe/infer.ts'
import { openCheckpoint } from '../../../../src/main/checkpoint/checkpoint.ts'
import { readFloat32 } from '../../../../src/main/checkpoint/read.ts'
import { writeSafetensors } from '../../../../src/main/export/safetensors.ts'
import { keepDescription, keptDescription } from '../../../../src/main/reader/kept-description.ts'
import { ReaderDied } from '../../../../src/main/reader/client.ts'
import { createDescribe } from '../../../../src/main/workbench/describe/describe.ts'
import { createDescriptions } from '../../../../src/main/workbench/model/descriptions.ts'
import type { OpenModels } from '../../../../src/main/workbench/model/open-models.ts'
import type { Workbench } from '../../../../src/main/workbench/workbench.ts'
import { expectClose, readGolden } from '../../../golden/compare.ts'
import {
  cpuSource,
  hebrew,
  projectRoot,
  shakespeare,
  startWorkbench,
  uncancelled
} from '../../../golden/workbench.ts'
import { outcome } from '../../checkpoint/temporary.ts'

const text = 'בראשית ברא אלהים את השמים ואת הארץ.\n'
const golden = join(projectRoot, 'test/golden')

let workbench: Workbench
let dataFolder: string
beforeAll(async () => {
  dataFolder = mkdtempSync(join(tmpdir(), 'lamella-data-'))
  workbench = await startWorkbench({}, dataFolder)
})
afterAll(() => workbench.close())

/** A copy of a model folder without what says how to read it. */
function copyOf(folder: string, ...without: string[]): string {
  const copy = join(mkdtempSync(join(tmpdir(), 'lamella-describe-')), 'model')
  cpSync(folder, copy, { recursive: true })
  for (const name of ['lamella.json', ...without]) rmSync(join(copy, name), { force: true })
  return copy
}

const open = (path: string) => workbench.handlers['models.open']({ path }, uncancelled())
const infer = ({ id }: ModelInfo, answers: Record<string, string> = {}) =>
  workbench.handlers['describe.infer']({ modelId: id, answers }, uncancelled())

async function check(
  model: ModelInfo,
  answers: Record<string, string> = {},
  of = text,
  characters: string | null = null
) {
  const { description } = await infer(model, answers)
  const params = { modelId: model.id, description: description!, text: of, characters }
  return workbench.handlers['describe.check'](params, uncancelled())
}

async function save(
  model: ModelInfo,
  answers: Record<string, string> = {},
  notes: { sampleText?: string; characters?: string } = {}
) {
  const { description } = await infer(model, answers)
  const { sampleText = null, characters = null } = notes
  const params = { modelId: model.id, description: description!, sampleText, characters }
  return workbench.handlers['describe.save'](params, uncancelled())
}

describe('a home-made model', () => {
  it('opens for its weights, and is read', async () => {
    const model = await open(copyOf(hebrew))
    expect(model).toMatchObject({ family: null, config: null, tokenizer: 'characters' })
    expect(model.notRunnable).toBe(
      'config.json: it is missing or empty, so nothing says what the model computes'
    )
    expect(model.notRunnableHint).toBe('Describe this model in the window; from then on it runs.')
    const reading = await infer(model)
    expect(reading.problems).toEqual([])
    expect(reading.unassigned).toEqual([])
    expect(reading.description).toMatchObject({ dVocab: 31, nCtx: 192, nHeads: 4 })
  })

  it('predicts better the righter it is read', async () => {
    const model = await open(copyOf(hebrew))
    const right = await check(model, { heads: '4', activation: 'relu' })
    expect(right.chance).toBeCloseTo(Math.log(31), 6)
    expect(right.loss).toBeLessThan(2)
    expect(right.perToken).toHaveLength(36)
    expect(right.perToken[0]).toBeNaN()
    const mean = right.perToken.slice(1).reduce((sum, value) => sum + value, 0) / 35
    expect(right.loss).toBeCloseTo(mean, 5)
    expect(right).toMatchObject({ method: 'next-token' })
    for (const wrong of [
      { heads: '2' },
      { heads: '8' },
      { activation: 'gelu' },
      { normPlace: 'post' }
    ])
      expect((await check(model, wrong)).loss!).toBeGreaterThan(right.loss! + 0.05)
  })

  it('gives the loss that the logits of PyTorch give', async () => {
    const model = await open(copyOf(hebrew))
    const expected = await readGolden(join(golden, 'hebrew-minigpt/golden.safetensors'))
    const ids = await expected.read('input_ids')
    const logits = await expected.read('logits')
    const surprises = [...ids.slice(1)].map((id, row) => {
      const own = logits.subarray(row * 31, (row + 1) * 31)
      const sum = own.reduce((total, logit) => total + Math.exp(logit), 0)
      return Math.log(sum) - own[id]!
    })
    const { perToken } = await check(model)
    expectClose(perToken.slice(1), new Float32Array(surprises), 1e-3, 'surprise')
  })

  it('says what is done where tokens see one another', async () => {
    const { method, explanation } = await check(await open(copyOf(hebrew)), { causal: 'no' })
    expect(method).toBe('same-token')
    expect(explanation).toMatch(/^Each of 36 tokens predicted at its own place, unmasked/)
  })

  it.each([
    ['is too short', 'א', /too short/],
    ['has a character of no token', 'abc', /./]
  ])('is not checked on a text that %s', async (_, of, message) => {
    await expect(check(await open(copyOf(hebrew)), {}, of)).rejects.toThrow(message)
  })

  it('is not checked as what its tensors cannot be', async () => {
    const model = await open(copyOf(hebrew))
    const { description } = await infer(model)
    const params = { modelId: model.id, text, characters: null }
    const wrong = { ...description!, finalNorm: { ...description!.finalNorm!, shift: 'nowhere' } }
    await expect(
      workbench.handlers['describe.check']({ ...params, description: wrong }, uncancelled())
    ).rejects.toThrow('nowhere: missing, expected [128]')
  })

  it('leaves no part of a check behind', async () => {
    const model = await open(copyOf(hebrew))
    await check(model)
    const before = await workbench.handlers['describe.check'](
      { modelId: model.id, description: (await infer(model)).description!, text, characters: null },
      uncancelled()
    )
    expect(before.loss).toBe((await check(model)).loss)
  })
})

describe('saving', () => {
  it('writes lamella.json beside the model, which then runs', async () => {
    const folder = copyOf(hebrew)
    const model = await open(folder)
    const saved = await save(model, { heads: '4', activation: 'relu' }, { sampleText: text })
    expect(saved.savedTo).toBe(join(folder, 'lamella.json'))
    expect(saved.model).toMatchObject({ family: 'described', notRunnable: null, sampleText: text })
    expect(saved.model.id).not.toBe(model.id)
    const params = { source: cpuSource(saved.model, { text }) }
    const run = await workbench.handlers['runs.start'](params, uncancelled())
    expect(run.tokens).toHaveLength(36)
    expect((await open(folder)).id).toBe(saved.model.id)
  })

  it('writes what the sample that ships holds, without what has a default', async () => {
    const folder = copyOf(hebrew)
    const { sampleText } = await open(hebrew)
    await save(await open(folder), {}, { sampleText: sampleText! })
    const [own, shipped] = [folder, hebrew].map(of =>
      readFileSync(join(of, 'lamella.json'), 'utf8')
    )
    expect(own).toBe(shipped)
    expect(own).not.toMatch(/null|"offset"|"parallel"/)
  })

  it('keeps what the file said besides', async () => {
    const folder = copyOf(hebrew)
    writeFileSync(
      join(folder, 'lamella.json'),
      JSON.stringify({ name: 'Mini', sampleText: 'שלום' })
    )
    const { model } = await save(await open(folder))
    expect(model).toMatchObject({ name: 'Mini', sampleText: 'שלום', family: 'described' })
  })

  it.skipIf(process.platform === 'win32')('replaces no file that could not be read', async () => {
    const folder = copyOf(hebrew)
    const model = await open(folder)
    // As one on a disk that does not answer: it may be read the next time.
    symlinkSync('lamella.json', join(folder, 'lamella.json'))
    expect(await outcome(save(model))).toMatch(/^file-unreadable: lamella\.json: is a link/)
    rmSync(join(folder, 'lamella.json'))
    writeFileSync(join(folder, 'lamella.json'), 'no JSON')
    expect((await save(model)).model.family).toBe('described')
  })

  it('replaces no file that a reader died of', async () => {
    const folder = copyOf(hebrew)
    const model = await open(folder)
    const { description } = await infer(model)
    const checkpoint = await openCheckpoint(folder)
    const limits = { memory: 1, time: 1, tokenizerTime: 1, chatTime: 1, chatClock: 1 }
    const died = new ReaderDied('SIGKILL', undefined, limits)
    const known = { checkpoint, folder: checkpoint.folder, info: model }
    const read = { ask: () => Promise.reject(died) }
    const { handlers } = createDescribe(
      { get: () => ({ ...known, reader: read }) } as unknown as OpenModels,
      null as never,
      createDescriptions(join(dataFolder, 'descriptions')),
      null as never
    )
    const file = join(folder, 'lamella.json')
    writeFileSync(file, '{"name":"Mini"}')
    const asked = { modelId: model.id, sampleText: null, characters: null }
    const saving = handlers['describe.save']({ ...asked, description: description! }, uncancelled())
    await expect(saving).rejects.toBe(died)
    expect(readFileSync(file, 'utf8')).toBe('{"name":"Mini"}')
  })

  it('starts the next description with what was answered', async () => {
    const folder = copyOf(hebrew)
    const { model } = await save(await open(folder), {
      heads: '8',
      activation: 'gelu',
      causal: 'no'
    })
    const { questions, description } = await infer(model)
    expect(questions.find(({ id }) => id === 'heads')).toMatchObject({ value: '8', answered: true })
    expect(description).toMatchObject({ nHeads: 8, causal: false })
    expect((await infer(model, { heads: '2' })).description).toMatchObject({
      nHeads: 2,
      causal: false
    })
  })

  // Nothing is read-only to root.
  it.skipIf(process.getuid?.() === 0)(
    'keeps it in the data folder where the folder is read-only',
    async () => {
      const folder = copyOf(hebrew)
      chmodSync(folder, 0o555)
      const { savedTo, model } = await save(await open(folder))
      expect(savedTo.startsWith(dataFolder)).toBe(true)
      expect(model.family).toBe('described')
      chmodSync(folder, 0o755)
    }
  )

  it('names the file that it could not write last, which is that of the data folder', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'lamella-describe-')), 'file')
    writeFileSync(file, '')
    const checkpoint = await openCheckpoint(hebrew)
    const nowhere = { ...checkpoint.folder, path: '/proc/1/nowhere' }
    const saving = createDescriptions(file).save(nowhere, checkpoint, null, { name: 'Mini' })
    const of = join(file, '[0-9a-f]{32}', 'description.txt')
    expect(await outcome(saving)).toMatch(
      new RegExp(`^file-unwritable: ${of}: a file stands where its folder should be$`)
    )
  })

  it('finds what the data folder keeps, wherever the model lies', async () => {
    const folder = copyOf(hebrew)
    // A folder in the place of the file is what a read-only folder is: nothing can be written there.
    const { description } = await infer(await open(folder))
    const descriptions = createDescriptions(join(dataFolder, 'descriptions'))
    const checkpoint = await openCheckpoint(folder)
    const nowhere = { ...checkpoint.folder, path: '/proc/1/nowhere' }
    const savedTo = await descriptions.save(nowhere, checkpoint, null, {
      model: description!
    })
    expect(savedTo).toMatch(/descriptions\/[0-9a-f]{32}\/description\.txt$/)
    expect((await open(folder)).family).toBe('described')
    expect((await open(copyOf(hebrew))).family).toBe('described')
    const bytes = readFileSync(savedTo)
    const digit = bytes.findLastIndex(byte => byte >= 0x30 && byte <= 0x39)
    for (const at of [0, 7, bytes.indexOf(10) + 1, digit, bytes.length - 2]) {
      const damaged = Buffer.from(bytes)
      damaged[at]! ^= 1
      writeFileSync(savedTo, damaged)
      expect((await open(folder)).family).toBeNull()
    }
    writeFileSync(savedTo, bytes)
    expect((await open(folder)).family).toBe('described')
    // What is another's.
    const kept = join(dataFolder, 'descriptions')
    const other = await openCheckpoint(shakespeare)
    const others = await keepDescription(kept, other, '{"name":"other"}')
    expect(await keptDescription(kept, other)).toMatchObject({ name: 'other' })
    writeFileSync(others, bytes)
    expect(await keptDescription(kept, other)).toBeNull()
    rmSync(savedTo)
    expect((await open(folder)).family).toBeNull()
  })
})

describe('a model without a vocabulary', () => {
  const characters = [...'\n -.אבגדהוזחטיךכלםמןנסעףפץצקרשת'].join('')

  it('is asked for the characters, and checked on token ids without them', async () => {
    const model = await open(copyOf(hebrew, 'vocab.json'))
    expect((await infer(model)).questions.at(-1)).toMatchObject({ id: 'characters', kind: 'text' })
    const { loss, tokens } = await check(model, {}, '5 28 4 29 13 30')
    expect(loss).toBeLessThan(Math.log(31))
    expect(tokens[0]).toBe('#5')
    await expect(check(model)).rejects.toThrow('is no token id')
    await expect(check(model, {}, '5 31')).rejects.toThrow(
      'Token 31 is outside the vocabulary of 31'
    )
  })

  it('reads text once they are given', async () => {
    const folder = copyOf(hebrew, 'vocab.json')
    const model = await open(folder)
    expect((await check(model, {}, text, characters)).loss).toBeLessThan(2)
    const saved = await save(model, {}, { characters })
    expect(saved.model.tokenizer).toBe('characters')
    const tokens = await workbench.handlers['text.tokenize'](
      { modelId: saved.model.id, text },
      uncancelled()
    )
    expect(tokens.slice(0, 3).map(({ id }) => id)).toEqual([5, 28, 4])
  })

  it.each([
    ['אב', 'Characters: 2 are given, and the vocabulary has 31'],
    ['אבא', 'Characters: "א" stands twice']
  ])('says what is wrong with %s', async (given, problem) => {
    const model = await open(copyOf(hebrew, 'vocab.json'))
    expect((await infer(model, { characters: given })).problems).toEqual([problem])
  })
})

describe('lamella.json', () => {
  it.each([
    ['an unknown field', { modle: {} }, 'lamella.json: "modle" is not known'],
    ['a field of another type', { sampleText: 5 }, /^lamella\.json: sampleText: .*expected a text/],
    ['a field that is missing', { model: { nHeads: 4 } }, /^lamella\.json: model\.nKeyValueHeads: /]
  ])('with %s is refused by its path', async (_, json, message) => {
    const folder = copyOf(hebrew)
    writeFileSync(join(folder, 'lamella.json'), JSON.stringify(json))
    await expect(open(folder)).rejects.toThrow(message)
  })

  it.each([
    [
      'a tensor that is not there',
      (file: string) => file.replace('norm.bias', 'norm.bais'),
      /^lamella\.json: |norm\.bais: missing/
    ],
    [
      'another width',
      (file: string) => file.replace('"dMlp": 512', '"dMlp": 256'),
      /linear1\.weight: shape \[512, 128\], expected \[256, 128\] by lamella\.json/
    ],
    [
      'parts that contradict one another',
      (file: string) => file.replace('"nKeyValueHeads": 4', '"nKeyValueHeads": 3'),
      'lamella.json: model.nKeyValueHeads: expected a divisor of nHeads'
    ]
  ])('of %s leaves the model open for its weights, and says so', async (_, change, message) => {
    const folder = copyOf(hebrew)
    const shipped = readFileSync(join(hebrew, 'lamella.json'), 'utf8')
    writeFileSync(join(folder, 'lamella.json'), change(shipped))
    const model = await open(folder)
    expect(model.family).toBeNull()
    expect(model.notRunnable).toMatch(message)
    expect((await infer(model)).problems).toEqual([])
  })
})

describe('a published model whose config was lost', () => {
  it.each([
    ['gpt2', { heads: '4' }],
    ['llama', { heads: '4', epsilon: '1e-6', nCtx: '64' }],
    ['qwen3', { nCtx: '64', epsilon: '1e-6' }],
    [
      'gpt_neox',
      { heads: '4', nCtx: '64', normPlace: 'parallel', positions: 'rotary-halves', rotaryDims: '3' }
    ]
  ])('%s is read as its family reads it', async (name, answers) => {
    const folder = join(golden, name)
    const { tensors } = await openCheckpoint(folder)
    const config = JSON.parse(readFileSync(join(folder, 'config.json'), 'utf8')) as object
    const { spec } = architectureOf({ ...config }, tensors)
    const reading = inferDescription(tensors, { answers })
    expect(reading.problems).toEqual([])
    expect(usual(specOf(reading.description!))).toEqual(usual(spec))
  })

  it('gpt2 computes what PyTorch does', async () => {
    const folder = copyOf(join(golden, 'gpt2'), 'config.json')
    const { model } = await save(await open(folder), { heads: '4' })
    const expected = await readGolden(join(golden, 'gpt2/golden.safetensors'))
    const ids = [...(await expected.read('input_ids'))]
    const input = { source: cpuSource(model, { ids }) }
    const { id: runId } = await workbench.handlers['runs.start'](input, uncancelled())
    const logits = { runId, hook: 'logits', exact: true }
    const { data } = await workbench.handlers['runs.value'](logits, uncancelled())
    expectClose(data, await expected.read('logits'), 1e-3, 'logits')
  })
})

describe('heads that lie apart', () => {
  it.each(['by-head', 'axis'] as const)('compute what they do in one matrix: %s', async layout => {
    const whole = await check(await open(copyOf(hebrew)))
    const folder = copyOf(hebrew, 'minigpt_final.pth')
    await writeApart(join(folder, 'model.safetensors'), layout)
    const model = await open(folder)
    const { questions, problems, unassigned } = await infer(model)
    expect([problems, unassigned]).toEqual([[], []])
    expect(questions.map(({ id }) => id)).not.toContain('heads')
    expectClose((await check(model)).perToken.slice(1), whole.perToken.slice(1), 1e-4, layout)
  })
})

/** The Hebrew model with a matrix for each head, or with an axis for the heads as TransformerLens has it. */
async function writeApart(path: string, layout: 'by-head' | 'axis'): Promise<void> {
  const { tensors } = await openCheckpoint(hebrew)
  const [heads, width, own] = [4, 128, 32]
  const out = new Map<string, { shape: number[]; data: Float32Array }>()
  for (const [name, entry] of tensors) {
    const data = await readFloat32(entry)
    const [, before, letter] = /^(.*)\.([qkv])_proj_weight$/.exec(name) ?? []
    const bias = name.endsWith('in_proj_bias')
    if (letter === undefined && !bias) out.set(name, { shape: [...entry.shape], data })
    else if (layout === 'by-head')
      for (const head of [0, 1, 2, 3]) {
        if (bias)
          for (const [i, of] of [...'qkv'].entries()) {
            const start = i * width + head * own
            const key = name.replace('in_proj_bias', `heads.${head}.${of}.bias`)
            out.set(key, { shape: [own], data: data.slice(start, start + own) })
          }
        else {
          const rows = data.slice(head * own * width, (head + 1) * own * width)
          out.set(`${before}.heads.${head}.${letter}.weight`, { shape: [own, width], data: rows })
        }
      }
    else if (bias)
      for (const [i, of] of [...'QKV'].entries()) {
        const part = data.slice(i * width, (i + 1) * width)
        out.set(name.replace('in_proj_bias', `b_${of}`), { shape: [heads, own], data: part })
      }
    else {
      const turned = data.map((_, at) => {
        const [head, column, row] = [
          Math.floor(at / width / own),
          Math.floor(at / own) % width,
          at % own
        ]
        return data[(head * own + row) * width + column]!
      })
      out.set(`${before}.W_${letter!.toUpperCase()}`, { shape: [heads, width, own], data: turned })
    }
  }
  await writeSafetensors(path, [...out.keys()], name => ({ dtype: 'F32', ...out.get(name)! }))
}

/** A spec without what only a family knows: another name of a matrix, and a scale that is the usual one. */
function usual(spec: ReturnType<typeof specOf>) {
  const blocks = spec.blocks.map(block => {
    const { scale } = block.attention
    const same = scale !== null && Math.abs(scale - spec.dHead ** -0.5) < 1e-12
    return same ? { ...block, attention: { ...block.attention, scale: null } } : block
  })
  return { ...spec, blocks, unembedding: spec.unembedding && { ...spec.unembedding, alias: null } }
}

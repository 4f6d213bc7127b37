/**
 * What reading a run costs, in forward runs of as many tokens: the lens of every position and layer, the saliency of one
 * logit, its integrated gradients. What is compared takes turns, so that both meet the same machine; the processor's time
 * tells what is left where others use it, too. Of the lens the unembedding's own product is taken off, once for each stream;
 * the way of its logits to who reads them is the lens's own.
 *
 *     npm run bench:reading -- [--model FOLDER] [--tokens 64] [--rounds 5] [--steps 64]
 */
import { basename, join } from 'node:path'
import { parseArgs } from 'node:util'
import { context, inFolder, modelFolder } from './bench-folder.ts'
import { engineHost, startBenchWorkbench } from './bench-workbench.ts'
import { forwardAlone } from './forward-alone.ts'
import { print, range } from './measured.ts'
import { processorShares } from './process-use.ts'

const { values } = parseArgs({
  options: {
    model: { type: 'string' },
    tokens: { type: 'string', default: '64' },
    rounds: { type: 'string', default: '5' },
    steps: { type: 'string', default: '64' }
  }
})
const tokens = Number(values.tokens)
const rounds = Number(values.rounds)
const steps = Number(values.steps)
let texts = 0
await inFolder(bench)

async function bench(folder: string): Promise<void> {
  const path = await modelFolder(folder, values.model)
  const alone = await forwardAlone(path, engineHost)
  const { dVocab, blocks } = alone.model.spec
  const workbench = await startBenchWorkbench(join(folder, 'data'))
  const { handlers } = workbench
  const { fingerprint } = await handlers['models.open']({ path }, context)

  /** Ids that no text before had. */
  const nextIds = () => {
    const seed = ++texts
    return Array.from({ length: tokens }, (_, i) => (i * 7919 + seed * 104729) % dVocab)
  }
  const run = async () => alone.forward.run(await alone.record(nextIds()), context)
  const analyse = (name: string, params: Record<string, string | number | boolean>) => {
    const model = { path, fingerprint }
    const corpus = { inputs: [{ ids: nextIds() }], window: null, stride: null }
    const of = { model, corpus, edits: [], provider: 'cpu' as const }
    return handlers['analysis.run']({ name, params, of, with: null }, context)
  }
  const lens = () => analyse('lens', {})
  const number = { of: `logit:${tokens - 1}:7`, inside: false, occlusion: false }
  const saliency = () => analyse('saliency', { ...number, steps: 0 })
  const integrated = () => analyse('saliency', { ...number, steps })

  // Everything is loaded once, as it is after the first use.
  for (const action of [run, lens, saliency]) await action()
  await analyse('saliency', { ...number, steps: 1 })
  const last = await alone.record(nextIds())
  const residual = await alone.forward.entering(last, blocks.length, context)
  const product = () => alone.product(residual)
  await product()

  const streams = blocks.length + 1
  const products = async () => {
    for (let stream = 0; stream < streams; stream++) await product()
  }
  const ratios = { clock: noFigures(), processor: noFigures() }
  const shares: Record<'products' | 'engine' | 'reading' | 'rest', number[]> = {
    ...{ products: [], engine: [], reading: [], rest: [] }
  }
  for (let round = 0; round < rounds; round++) {
    const before = await taken(() => times(4, run))
    const unembedded = await taken(products)
    const read = await taken(lens)
    const one = await taken(() => times(3, saliency))
    const after = await taken(() => times(4, run))
    const all = await taken(integrated)
    const further = await taken(() => times(4, run))
    for (const by of ['clock', 'processor'] as const) {
      const forward = (before[by] + after[by]) / 8
      ratios[by].lens.push(read[by] / forward)
      ratios[by].lensLess.push((read[by] - unembedded[by]) / forward)
      ratios[by].saliency.push(one[by] / 3 / forward)
      ratios[by].integrated.push(all[by] / ((after[by] + further[by]) / 8))
    }
    const forward = (before.processor + after.processor) / 8
    shares.products.push(unembedded.shares.started / forward)
    shares.engine.push(read.shares.started / forward)
    shares.reading.push(read.shares.analyses / forward)
    shares.rest.push(read.shares.own / forward)
  }
  alone.close()
  await workbench.close()
  const name =
    values.model === undefined ? 'GPT-2 small’s shape, random weights' : basename(values.model)
  print(`${name}, ${tokens} tokens, cpu; in forward runs of as many tokens`)
  row('', ['by the clock', 'by the processor'])
  const both = (title: string, which: keyof Figures, aim = '') => {
    const { clock, processor } = ratios
    row(title, [range(clock[which]), range(processor[which]), aim])
  }
  both(`lens of ${streams} streams`, 'lens')
  both('  less the unembedding’s products', 'lensLess', '(at most 1.5 is aimed at)')
  both('saliency of one logit', 'saliency', '(at most 3.5)')
  both(`integrated gradients, ${steps} steps`, 'integrated', `(at most ${steps * 3.5})`)
  print('where the processor’s time goes')
  row('  products alone: in the engine', [range(shares.products)])
  row('  lens: in the engine', [range(shares.engine)])
  row('    reading of rows', [range(shares.reading)])
  row('    their way here, and all else', [range(shares.rest)])
}

/** Of each round one number. */
type Figures = Record<'lens' | 'lensLess' | 'saliency' | 'integrated', number[]>

function noFigures(): Figures {
  return { lens: [], lensLess: [], saliency: [], integrated: [] }
}

/** What some work takes, by the clock and of the processor, in ms. */
async function taken(work: () => Promise<unknown>) {
  const start = performance.now()
  const shares = await processorShares(work)
  const { started, analyses, own } = shares
  return { clock: performance.now() - start, processor: started + analyses + own, shares }
}

async function times(count: number, action: () => Promise<unknown>): Promise<void> {
  for (let i = 0; i < count; i++) await action()
}

function row(title: string, cells: readonly string[]): void {
  print([title.padEnd(36), ...cells.map(cell => cell.padEnd(24))].join('').trimEnd())
}

/**
 * What reading a run costs, in forward runs of as many tokens: the lens of every position and layer, the saliency of one
 * logit, its integrated gradients. What is compared takes turns, so that both meet the same machine. Of the lens
 * the unembedding's own product is taken off, which each stream takes once.
 *
 *     npm run bench:reading -- [--model FOLDER] [--tokens 64] [--rounds 5] [--steps 64]
 */
import { basename, join } from 'node:path'
import { parseArgs } from 'node:util'
import { context, inFolder, modelFolder } from './bench-folder.ts'
import { engineHost, startBenchWorkbench } from './bench-workbench.ts'
import { forwardAlone } from './forward-alone.ts'
import { meanOf, print, range, timeOf } from './measured.ts'

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
  const product = () => alone.forward.unembedded(last, residual, 'logits', context.signal)
  await product()

  const ratios = { lens: [], lensLess: [], saliency: [], integrated: [] } as Record<
    'lens' | 'lensLess' | 'saliency' | 'integrated',
    number[]
  >
  for (let round = 0; round < rounds; round++) {
    const before = await meanOf(4, run)
    const unembedded = await timeOf(async () => {
      for (let stream = 0; stream <= blocks.length; stream++) await product()
    })
    const read = await timeOf(lens)
    const one = await meanOf(3, saliency)
    const after = await meanOf(4, run)
    const forward = (before + after) / 2
    ratios.lens.push(read / forward)
    ratios.lensLess.push((read - unembedded) / forward)
    ratios.saliency.push(one / forward)
  }
  for (let round = 0; round < rounds; round++) {
    const before = await meanOf(8, run)
    const all = await timeOf(integrated)
    const after = await meanOf(8, run)
    ratios.integrated.push(all / ((before + after) / 2))
  }
  alone.close()
  await workbench.close()
  const name =
    values.model === undefined ? 'GPT-2 small’s shape, random weights' : basename(values.model)
  print(`${name}, ${tokens} tokens, cpu; in forward runs of as many tokens`)
  print(`lens of ${blocks.length + 1} streams                ${range(ratios.lens)}`)
  print(`  less the unembedding’s products  ${range(ratios.lensLess)}   (at most 1.5 is aimed at)`)
  print(`saliency of one logit              ${range(ratios.saliency)}   (at most 3.5)`)
  print(
    `integrated gradients, ${steps} steps     ${range(ratios.integrated)}   (at most ${steps * 3.5})`
  )
}

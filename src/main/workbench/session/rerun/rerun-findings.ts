import { findingsOf } from '#common/analysis/head-atlas/findings.ts'
import {
  keptFindings,
  type FindingAsked,
  type KeptFinding
} from '#common/analysis/head-atlas/kept-finding.ts'
import { saidCut, type AnalysisSubject } from '#common/analysis/subject.ts'
import { another, largestDifference } from '#common/data/difference.ts'
import { onceEach } from '#common/model/once-each.ts'
import { counted } from '#common/text/number-text.ts'
import type { KeptSession } from '../kept-session.ts'
import { modelOf, type Remaking } from './remaking.ts'

/** The findings of a session that say what they were found in. */
export function findingsToRerun({ content }: Pick<KeptSession, 'content'>) {
  return keptFindings(content.findings).flatMap(({ asked, ...finding }) =>
    asked === undefined ? [] : [{ ...finding, asked }]
  )
}

/** Finds the findings of a session again in what they were found in, one after the other. */
export async function rerunFindings({
  kept,
  call,
  open,
  step,
  comparisons
}: Remaking): Promise<void> {
  // Several findings are of what was asked once.
  const run = onceEach((name: string, params: FindingAsked['params'], of: AnalysisSubject) =>
    call('analysis.run', { name, params, of })
  )
  const findings = findingsToRerun(kept)
  for (const finding of findings) {
    const { asked, layer, head, score, model } = finding
    const what = `finding of head ${layer}.${head}, ${score}`
    step(`Looking for the ${what}`)
    const { params, of } = asked
    const cut = (of.corpus && saidCut(of.corpus)) ?? null
    const about = { what, models: [model], edits: of.edits, params, cut }
    await comparisons.add({ ...about, precision: 'float32' }, async known => {
      const isOne = ({ fingerprint }: { readonly fingerprint: string }) =>
        fingerprint === model.fingerprint
      const ref = modelOf(kept, finding.modelName, isOne)
      known({ models: [ref] })
      await open(ref)
      return compare(finding, params, { ...of, model: ref })
    })
  }
  const all = kept.content.findings.length
  const shown = keptFindings(kept.content.findings).length
  leave(
    shown - findings.length,
    'what it was found in is not kept with it, as it was long, or kept by an earlier version'
  )
  leave(all - shown, 'of another version of Lamella')

  function leave(count: number, why: string): void {
    if (count > 0) comparisons.leave(counted(count, 'finding'), why)
  }

  async function compare(
    { layer, head, score, holds, found, tested, loss }: KeptFinding,
    params: FindingAsked['params'],
    of: AnalysisSubject
  ): Promise<number> {
    const statistics = await run('head-statistics', params, of)
    const without = loss && (await run('ablation', { layers: [layer] }, of))
    const now = findingsOf(statistics, without).find(
      own => own.layer === layer && own.head === head && own.score === score
    )
    if (now === undefined) throw another('is not found any more')
    if (now.holds !== holds) throw another(now.holds ? 'holds now' : 'does not hold any more')
    const losses = (own: KeptFinding['loss']) => (own ? [own.loss, own.zero, own.mean] : [])
    const numbers = (own: Pick<KeptFinding, 'found' | 'tested' | 'loss'>) =>
      [...half(own.found), ...half(own.tested), ...losses(own.loss)].map(value => value ?? NaN)
    return largestDifference(
      numbers({ found, tested, loss }),
      numbers({ found: now.found, tested: now.tested, loss: loss && now.ablation })
    )
  }
}

function half({ value, baseline, above, spread, p, windows }: KeptFinding['found']) {
  return [value, baseline, above, spread, p, windows]
}

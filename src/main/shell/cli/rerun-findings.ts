import { findingsOf } from '#common/analysis/head-atlas/findings.ts'
import {
  keptFindings,
  type FindingAsked,
  type KeptFinding
} from '#common/analysis/head-atlas/kept-finding.ts'
import { saidCut } from '#common/analysis/subject.ts'
import type { Client } from '#common/contract/rpc.ts'
import type { OpenSession, Rerun } from '#common/contract/session.ts'
import type { Dataset } from '#common/data/dataset.ts'
import { another, largestDifference } from '#common/data/difference.ts'
import { refuseOtherMachine } from '#common/model/absence.ts'
import { toLamellaError } from '#common/model/errors.ts'
import type { ModelRef } from '#common/model/model-ref.ts'
import { counted } from '#common/text/number-text.ts'
import { sessionModelOf, type ReopenModel } from './reopen-model.ts'
import type { Compared, LeftOut } from './rerun-panels.ts'

/**
 * Finds the findings of a session again in what they were found in, one after the other.
 * @param client of a workbench that has the session open no more: what it keeps stands in for models that are not there
 * @param step is told each one before it is looked for
 */
export async function rerunFindings(
  client: Client,
  { content, models }: Pick<OpenSession, 'content' | 'models'>,
  open: ReopenModel,
  step: (what: string, done: number, total: number) => void
): Promise<Compared> {
  const findings = keptFindings(content.findings)
  const again: Rerun[] = []
  /** What was asked before, which several findings are of. */
  const before = new Map<string, Promise<Dataset>>()
  for (const [i, finding] of findings.entries()) {
    const { asked, layer, head, score, model } = finding
    if (asked === undefined) continue
    const what = `finding of head ${layer}.${head}, ${score}`
    step(what, i, findings.length)
    const { params, of } = asked
    const told = {
      ...{ what, models: [model], edits: of.edits, params },
      ...{ cut: (of.corpus && saidCut(of.corpus)) ?? null, precision: 'float32' as const }
    }
    try {
      const known = sessionModelOf(models, finding)
      const { path, fingerprint } = await open(known)
      const difference = await compare(finding, asked, { path, fingerprint })
      again.push({ ...told, models: [known.ref], difference, problem: null })
    } catch (thrown) {
      const error = toLamellaError(thrown)
      if (error.code === 'cancelled' || error.code === 'disconnected') throw error
      again.push({ ...told, difference: null, problem: error.message })
    }
  }
  return { again, left: leftOut(findings, content.findings.length) }

  /** What an analysis comes to by a model, in what a finding was found in. */
  function run(
    name: string,
    params: FindingAsked['params'],
    of: FindingAsked['of'],
    model: ModelRef
  ): Promise<Dataset> {
    const request = { name, params, with: null, of: { ...of, model } }
    const key = JSON.stringify(request)
    const running = before.get(key) ?? client.call('analysis.run', request)
    before.set(key, running)
    return running
  }

  async function compare(
    { layer, head, score, holds, found, tested, loss }: KeptFinding,
    { params, of }: FindingAsked,
    model: ModelRef
  ): Promise<number> {
    for (const own of of.corpus?.inputs ?? []) if ('path' in own) refuseOtherMachine(own.path)
    const statistics = await run('head-statistics', params, of, model)
    const without = loss && (await run('ablation', { layers: [layer] }, of, model))
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

function leftOut(findings: readonly KeptFinding[], all: number): LeftOut[] {
  const unasked = findings.filter(({ asked }) => asked === undefined).length
  const left = (count: number, why: string) =>
    count === 0 ? [] : [{ what: counted(count, 'finding'), why }]
  return [
    ...left(
      unasked,
      'what it was found in is not kept with it, as it was long, or kept by an earlier version'
    ),
    ...left(all - findings.length, 'of another version of Lamella')
  ]
}

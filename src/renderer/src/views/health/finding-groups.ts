import type { Check } from '#common/analysis/health/checks.ts'
import type { HealthReport } from '#common/analysis/health/health-report.ts'
import type { TensorInfo } from '#common/contract/schemas.ts'
import { counted, exactCount } from '#common/text/number-text.ts'
import { mapAround } from '../../ui/map-around.ts'

export type ReportedFinding = HealthReport['findings'][number]

/** Findings of one kind, with why they are some. */
export interface FindingGroup extends Check {
  readonly findings: readonly ReportedFinding[]
}

/** What was found, by kind: what is of the model as a whole comes first. */
export function findingGroups({ checks, findings }: HealthReport): FindingGroup[] {
  return checks
    .map(check => ({ ...check, findings: findings.filter(({ kind }) => kind === check.kind) }))
    .filter(({ findings }) => findings.length > 0)
    .toSorted((a, b) => Number(isOfAll(b)) - Number(isOfAll(a)))
}

function isOfAll({ findings }: FindingGroup): boolean {
  return findings.some(({ tensor }) => tensor === null)
}

/** What the check comes to, in words. */
export interface VerdictWords {
  readonly isFine: boolean
  readonly title: string
  readonly text: string
}

export function verdictWords({ verdict, findings, checks }: HealthReport): VerdictWords {
  const count = counted(findings.length, 'finding')
  const isFine = findings.length === 0
  if (verdict === 'untrained') {
    const whole = findings.find(({ tensor }) => tensor === null)?.text ?? ''
    const more = findings.length > 1 ? ` There are ${exactCount(findings.length)} findings.` : ''
    return { isFine, title: 'The weights are untrained', text: `${sentence(whole)}${more}` }
  }
  if (verdict === 'partly untouched')
    return {
      ...{ isFine, title: count },
      text: 'Some tensors are as an initialisation draws them; most are as training leaves them.'
    }
  const told = checks.find(({ kind }) => kind === 'untrained')?.tensors ?? 0
  const text =
    told === 0
      ? 'Whether they were trained cannot be told: no matrix has eight rows and columns.'
      : isFine
        ? 'The weights are as training leaves them.'
        : 'Most weights are as training leaves them.'
  return { isFine, title: isFine ? 'Nothing was found' : count, text }
}

function sentence(text: string): string {
  return text === '' ? '' : `${text[0]!.toUpperCase()}${text.slice(1)}.`
}

/** How many tensors were read, and which were not. */
export function readWords(tensors: readonly TensorInfo[], read: number): string {
  const tied = tensors.filter(({ tiedTo }) => tiedTo !== null).length
  const other = tensors.length - tied - read
  return [
    `${exactCount(read)} of ${exactCount(tensors.length)} tensors read`,
    ...(tied > 0 ? [`${exactCount(tied)} tied to one of them`] : []),
    ...(other > 0 ? [`${exactCount(other)} not of floating-point numbers`] : [])
  ].join(' · ')
}

/** What the view of a tensor is set to, so that it shows what was found. */
export function evidenceOf(
  { kind, places }: ReportedFinding,
  shape: readonly number[]
): Readonly<Record<string, unknown>> {
  const [first] = places
  switch (kind) {
    case 'dead-rows':
    case 'duplicate-rows':
    case 'exploding-rows':
      return mapAround(shape, 'rows', first!)
    case 'dead-columns':
    case 'duplicate-columns':
    case 'exploding-columns':
      return mapAround(shape, 'columns', first!)
    case 'untrained-positions':
      return mapAround(shape, 'rows', first!, Infinity)
    case 'rank-collapse':
    case 'untouched':
      return { form: 'spectrum' }
    case 'mostly-zero':
    case 'constant':
    case 'exploding-norm':
    case 'layer-deviates':
    case 'exploding-weight':
      return { form: 'numbers' }
    case 'not-finite':
    case 'untrained':
      return { form: 'map' }
  }
}

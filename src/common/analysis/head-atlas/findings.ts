import { type Dataset, variable } from '../../data/dataset.ts'
import { fixedText, numberText } from '../../text/number-text.ts'
import type { ClassLoss } from './class-changes.ts'
import { layersAlong } from './reported-heads.ts'
import { countedWindows, fewWindows } from './windows.ts'

/** What one half of the windows says of a finding. */
export interface HalfFinding {
  readonly value: number
  readonly baseline: number
  readonly spread: number
  readonly p: number
  /** Windows in which it is above its baseline, of how many. */
  readonly above: number
  readonly windows: number
}

/** The loss without a head: of all predicted tokens, and of those of each class that there are. */
export interface ReportedAblation {
  readonly loss: number
  readonly zero: number
  readonly mean: number
  readonly classes: Readonly<Record<string, ClassLoss>>
}

export interface Finding {
  readonly layer: number
  readonly head: number
  readonly score: string
  /** In a line. */
  readonly text: string
  readonly holds: boolean
  readonly found: HalfFinding
  readonly tested: HalfFinding
  readonly ablation: ReportedAblation | null
}

/**
 * The findings of `head-statistics`, those that hold first.
 * @param ablation of the layers that they are of; null where none was asked for
 */
export function findingsOf(result: Dataset, ablation: Dataset | null): Finding[] {
  const names = result.axes['score']!.labels!
  const count = result.axes['finding']!.length
  const of = (name: string, i: number) => variable(result, `finding.${name}`).data[i]!
  const half = (name: 'found' | 'tested', i: number): HalfFinding => ({
    value: of(`${name}.value`, i),
    baseline: of(`${name}.baseline`, i),
    spread: of(`${name}.spread`, i),
    p: of(`${name}.p`, i),
    above: of(`${name}.above`, i),
    windows: of(`${name}.windows`, i)
  })
  const { least } = findingBounds(result)
  const findings = Array.from({ length: count }, (_, i) => {
    const [layer, head] = [of('layer', i), of('head', i)]
    const own = {
      ...{ layer, head, score: names[of('score', i)]! },
      holds: of('holds', i) === 1,
      found: half('found', i),
      tested: half('tested', i),
      ablation: ablation === null ? null : ablationOf(ablation, layer, head)
    }
    return { ...own, text: textOf(own, least, countedWindows(result)) }
  })
  return findings.sort((a, b) => Number(b.holds) - Number(a.holds))
}

/** What a finding takes, beside enough windows. */
export interface FindingBounds {
  /** So much more of the attention than the baseline at least. */
  readonly least: number
  /** And p, corrected for the number of heads, at most so large. */
  readonly alpha: number
}

/** What `head-statistics` asked of findings. */
export function findingBounds({ attributes }: Dataset): FindingBounds {
  const { least, alpha } = attributes['params'] as unknown as FindingBounds
  return { least, alpha }
}

/**
 * What keeps findings from being made, in sentences.
 * @param remedy what makes more windows, such as `more text makes more`
 */
export function findingLimits({ attributes }: Dataset, remedy: string): string[] {
  const windows = Number(attributes['windows'])
  const { no_baseline: none, not_drawn: notDrawn } = attributes
  const there = windows === 1 ? 'There is 1 window' : `There are ${windows} windows`
  return [
    ...(typeof none === 'string' ? [none] : []),
    ...(windows < fewWindows && notDrawn === undefined
      ? [`${there}, and a finding takes ${fewWindows} as a rule, six in each half: ${remedy}.`]
      : [])
  ]
}

/** As it is said: by the half that it was tested on. */
function textOf(
  { layer, head, score, holds, tested }: Omit<Finding, 'text'>,
  least: number,
  counted: string
): string {
  const { value, spread, baseline, p, above, windows } = tested
  // A spread that there is has a digit that is none 0.
  const decimals = spread > 0 ? Math.min(6, Math.max(2, -Math.floor(Math.log10(spread)))) : 2
  const [own, around, alike] = [value, spread, baseline].map(one => fixedText(one, decimals))
  const numbers = `${own} ± ${around} (baseline ${alike})`
  const why = value - baseline < least ? `less than ${least} above it` : `p ${numberText(p)}`
  // Upwards: what is said is never less than what was found.
  const verdict = holds
    ? `p ≤ ${Math.ceil(p * 1000) / 1000}, held on ${above} of ${windows} ${counted}`
    : `FAILED on the other half: ${why}`
  return `head ${layer}.${head}: ${score.replaceAll('_', ' ')}, ${numbers}, ${verdict}`
}

function ablationOf(ablation: Dataset, layer: number, head: number): ReportedAblation {
  const nHeads = ablation.axes['head']!.length
  const at = layersAlong(ablation).indexOf(layer) * nHeads + head
  const classes = ablation.axes['class']?.labels ?? []
  const of = (name: string, i: number) => ablation.variables[name]?.data[i] ?? NaN
  return {
    loss: of('loss', 0),
    zero: of('zero', at),
    mean: of('mean', at),
    classes: Object.fromEntries(
      classes.flatMap((name, c) => {
        const tokens = of('class_tokens', c)
        if (tokens === 0) return []
        const own = at * classes.length + c
        const [zero, mean] = [of('zero_class_loss', own), of('mean_class_loss', own)]
        return [[name, { tokens, loss: of('class_loss', c), zero, mean }]]
      })
    )
  }
}

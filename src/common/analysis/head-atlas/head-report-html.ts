import { htmlPage, htmlText } from '../../text/html-page.ts'
import { counted, exactCount, numberText } from '../../text/number-text.ts'
import { classChanges, lossChange, type ClassLoss } from './class-changes.ts'
import type { Finding } from './findings.ts'
import type { HeadReport } from './head-report.ts'
import { repeatKinds, type ReportedHead, type ReportedScore } from './reported-heads.ts'

/** A report that stands by itself: one file, no script, nothing from elsewhere. */
export function headReportHtml({ settings, heads, findings, notes }: HeadReport): string {
  const scores = Object.keys(heads[0]?.scores ?? {})
  return htmlPage({
    title: `Heads of ${settings.model}`,
    style,
    body: `<h1>What the heads of <bdi>${htmlText(settings.model)}</bdi> do</h1>
${notes.map(note => `<p>${htmlText(note)}</p>`).join('\n')}
<h2>Findings</h2>
${findings.length === 0 ? '<p>None.</p>' : findingsTable(findings)}
${classTables(findings)}
<p>Found on the first half of the windows, tested on the second. p is corrected for the number of heads; what fails its test is said.</p>
<h2>Scores by layer and head</h2>
<p>Each map is darkest at its highest value; the line above it has the baseline, of attention spread alike.</p>
<div class="maps">
${scores.map(score => scoreMap(score, heads)).join('\n')}
</div>
${heads.some(({ random_repeat }) => random_repeat !== null) ? randomMaps(heads) : ''}
<h2>All scores</h2>
${scores.map(score => scoreTable(score, heads)).join('\n')}
<h2>Settings</h2>
<table>
${Object.entries(settings)
  .map(
    ([name, value]) =>
      `<tr><th class="text">${htmlText(name)}</th><td class="text"><code>${htmlText(textOf(value))}</code></td></tr>`
  )
  .join('\n')}
</table>`
  })
}

const style = `body { font: 15px/1.5 system-ui, sans-serif; color: #1b1f24; background: #fff; max-width: 84rem; margin: 2rem auto; padding: 0 1rem }
h1 { font-size: 1.5rem } h2 { font-size: 1.15rem; margin-top: 2.5rem } h3 { font-size: 1rem; margin: 0 0 .4rem }
table { border-collapse: collapse; font-variant-numeric: tabular-nums }
th, td { padding: .15rem .5rem; text-align: right; font-weight: normal } th { color: #57606a }
td.text, th.text { text-align: left } code { font-size: .85em; overflow-wrap: anywhere }
tr.failed td { color: #656d76 } .maps { display: flex; flex-wrap: wrap; gap: 2rem } .maps td { min-width: 2.6rem }`

function findingsTable(findings: readonly Finding[]): string {
  const hasAblation = findings.some(({ ablation }) => ablation !== null)
  const headings = [
    ...['p found', 'p tested', 'verdict'],
    ...(hasAblation ? ['loss', 'zeroed', 'by its mean'] : [])
  ]
  const rows = findings.map(({ text, holds, found, tested, ablation }) => {
    const cells = [
      found.p.toFixed(3),
      tested.p.toFixed(3),
      holds ? 'holds' : 'failed',
      ...(ablation === null
        ? []
        : [
            numberText(ablation.loss),
            lossChange(ablation.zero - ablation.loss),
            lossChange(ablation.mean - ablation.loss)
          ])
    ]
    return `<tr${holds ? '' : ' class="failed"'}><td class="text">${htmlText(text)}</td>${cells.map(cell => `<td>${htmlText(cell)}</td>`).join('')}</tr>`
  })
  return `<table>
<tr><th class="text">finding</th>${headings.map(heading => `<th>${heading}</th>`).join('')}</tr>
${rows.join('\n')}
</table>`
}

/** The loss without each head by class of token, a table that folds up for each head; of several findings of a head, once. */
function classTables(findings: readonly Finding[]): string {
  const heads = new Map(
    findings.flatMap(({ layer, head, ablation }) =>
      ablation === null ? [] : [[`${layer}.${head}`, ablation] as const]
    )
  )
  return [...heads].map(([head, { classes }]) => classTable(head, classes)).join('\n')
}

function classTable(head: string, classes: Readonly<Record<string, ClassLoss>>): string {
  const changes = classChanges(classes)
  const [most] = changes
  if (most === undefined) return ''
  const rows = changes.map(
    ({ name, tokens, loss, zero, mean }) =>
      `<tr><td class="text">${htmlText(name)}</td><td>${exactCount(tokens)}</td><td>${numberText(loss)}</td><td>${lossChange(zero)}</td><td>${lossChange(mean)}</td></tr>`
  )
  return `<details><summary>Loss without head ${head} by class of token: most of ${htmlText(most.name)}, ${lossChange(most.mean)} by its mean (${counted(most.tokens, 'token')})</summary>
<table>
<tr><th class="text">class</th><th>tokens</th><th>loss</th><th>zeroed</th><th>by its mean</th></tr>
${rows.join('\n')}
</table></details>`
}

function randomMaps(heads: readonly ReportedHead[]): string {
  const maps = repeatKinds.map(kind =>
    headMap(kind, heads, ({ random_repeat }) => {
      const value = random_repeat?.[kind] ?? NaN
      return { value, said: numberText(value) }
    })
  )
  return `<h2>On repeated random tokens</h2>
<p>Means over the diagonal of random tokens that come twice: nothing but the repetition tells what comes next.</p>
<div class="maps">
${maps.join('\n')}
</div>`
}

function scoreMap(score: string, heads: readonly ReportedHead[]): string {
  const baseline = heads[0]!.scores[score]!.baseline
  const said = Number.isNaN(baseline) ? '' : `, baseline ${numberText(baseline)}`
  return headMap(`${score.replaceAll('_', ' ')}${said}`, heads, ({ scores }) => ({
    value: scores[score]!.value,
    said: lineOf(scores[score]!)
  }))
}

/**
 * Rows are layers.
 * @param of a head's number, and all that is to be said of it
 */
function headMap(
  title: string,
  heads: readonly ReportedHead[],
  of: (head: ReportedHead) => { readonly value: number; readonly said: string }
): string {
  const layers = [...new Set(heads.map(({ layer }) => layer))]
  const finite = heads.map(head => of(head).value).filter(Number.isFinite)
  if (finite.length === 0) return ''
  const [least, most] = [Math.min(...finite), Math.max(...finite)]
  const rows = layers.map(layer => {
    const own = heads.filter(head => head.layer === layer)
    const cells = own.map(head => {
      const { value, said } = of(head)
      const share = Number.isFinite(value) && most > least ? (value - least) / (most - least) : 0
      const ink = share > 0.55 ? '#fff' : '#1b1f24'
      return `<td title="${layer}.${head.head}: ${htmlText(said)}" style="background:rgba(9,63,133,${share.toFixed(3)});color:${ink}">${numberText(value)}</td>`
    })
    return `<tr><th>${layer}</th>${cells.join('')}</tr>`
  })
  return `<div><h3>${htmlText(title)}</h3>
<table>
${rows.join('\n')}
</table></div>`
}

function lineOf({ value, spread, low, high, baseline }: ReportedScore): string {
  return `${numberText(value)} ± ${numberText(spread)}, 95 % ${numberText(low)} to ${numberText(high)}, baseline ${numberText(baseline)}`
}

function scoreTable(score: string, heads: readonly ReportedHead[]): string {
  const fields = ['value', 'baseline', 'spread', 'low', 'high', 'p', 'windows'] as const
  const rows = heads.map(({ layer, head, scores }) => {
    const cells = fields.map(field => `<td>${numberText(scores[score]![field])}</td>`)
    return `<tr><th>${layer}.${head}</th>${cells.join('')}</tr>`
  })
  return `<details><summary>${htmlText(score.replaceAll('_', ' '))}</summary>
<table>
<tr><th>head</th>${fields.map(field => `<th>${field}</th>`).join('')}</tr>
${rows.join('\n')}
</table></details>`
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

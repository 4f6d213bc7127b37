import { atlasScore } from '#common/analysis/head-atlas/atlas-scores.ts'
import { comparisonDataset } from '#common/analysis/head-comparison/comparison-dataset.ts'
import { comparisonWords, partLines } from '#common/analysis/head-comparison/comparison-words.ts'
import type { HeadComparison } from '#common/analysis/head-comparison/head-comparison.ts'
import { beside } from '#common/figure/beside.ts'
import { depthKinds } from '#common/figure/depth-kinds.ts'
import { depthScores } from '#common/figure/depth-scores.ts'
import { headMap } from '#common/figure/head-map.ts'
import { spanning } from '#common/figure/heat-map-pixels.ts'
import { paperLook, type Look } from '#common/figure/look.ts'
import { provenanceLines, type Origin, type Provenance } from '#common/figure/provenance.ts'
import { runOrigin } from '#common/figure/views/run-origin.ts'
import { fileName } from '#common/text/file-name.ts'
import { readInWords } from '#common/text/read-in-words.ts'
import type { ExportFormat } from '../../stores/exports.ts'
import { dataFormats } from '../../ui/figure/data-formats.ts'
import { figureFormats } from '../../ui/figure/figure-formats.ts'
import { mapExtent, mapLook } from '#common/figure/views/score-map.ts'
import { bothMaps, depthData, differenceMap, kindsData } from './comparison-figures.ts'
import type { ComparisonOptions } from './comparison-options.ts'
import type { ReadSide } from './use-compared-side.ts'

const headMaps = beside(headMap)

/** The files that a comparison can be saved as: what it says, its figures, and all of its numbers. */
export function comparisonFormats(
  comparison: HeadComparison,
  read: readonly [ReadSide, ReadSide],
  options: Pick<ComparisonOptions, 'score' | 'quantity' | 'maps'>,
  look: Omit<Look, 'range'>,
  version: string
): ExportFormat[] {
  const { sides, notes } = comparison
  const [one, other] = read.map(originOf) as [Origin, Origin]
  const from: Provenance = { version, of: one, less: null, beside: other, precision: 'float32' }
  const names = sides.map(({ name }) => name).join(' and ')
  const file = (what: string) => `${names} · ${what}`
  const onPaper = { ...look, ...paperLook }
  const { isMass } = atlasScore(options.score)
  const own = { ...onPaper, range: { low: 0, high: 1 } }
  const depth = depthData(comparison, options)
  const kinds = kindsData(comparison)
  const maps =
    options.maps === 'difference'
      ? [differenceMap(comparison, options)]
      : bothMaps(comparison, options)
  const captions =
    maps.length === 1 ? [`${sides[0].name}, less ${sides[1].name}`] : sides.map(({ name }) => name)
  const title = (what: string) => `${what} · ${names}`
  return [
    ...figureFormats(
      headMaps,
      file(depth.name),
      {
        title: title(depth.name),
        parts: maps.map((data, i) => ({ caption: captions[i]!, data }))
      },
      mapLook(onPaper, maps[0]!.quantity, spanning(maps.map(mapExtent)), isMass, maps.length > 1),
      { note: maps.length === 1 ? 'the map' : 'both maps', from }
    ),
    ...figureFormats(
      depthScores,
      file(`${depth.name} by depth`),
      { ...depth, title: title(`${depth.name} by depth`) },
      own,
      { note: 'by depth', from }
    ),
    ...(kinds === null
      ? []
      : figureFormats(
          depthKinds,
          file('kinds of heads'),
          { ...kinds, title: title('kinds of heads by depth') },
          own,
          { note: 'kinds by depth', from }
        )),
    ...dataFormats(file('heads'), () => comparisonDataset(comparison), from),
    {
      is: 'file',
      text: 'TXT',
      note: 'what it says in words',
      name: fileName(file('in words'), 'txt'),
      content() {
        const parts = comparisonWords(comparison).map(part => partLines(part).join('\n'))
        const lines = [...parts, notes.join('\n'), provenanceLines(from).join('\n')]
        const whole = lines.filter(part => part !== '').join('\n\n')
        return Promise.resolve(new Blob([`${whole}\n`], { type: 'text/plain' }))
      }
    }
  ]
}

function originOf({ model, run, over, atlas }: ReadSide): Origin {
  return runOrigin(model, run, `Heads, scored over ${readInWords(atlas.windows, over)}`)
}

import { regionsText, regionText } from '../../analysis/tensor-map/region-text.ts'
import { isWhole, type Region, type Whole } from '../../analysis/tensor-map/region.ts'
import { axis, dataset, variable, type Dataset } from '../../data/dataset.ts'
import { drawing, drawingsInRow, type Drawing } from '../drawing.ts'
import type { Look } from '../look.ts'
import { weightMap } from '../weight-map.ts'
import { single, weightMapOf } from './tensor-figures.ts'

/** A part of a tensor, and what `tensor-map` came to of it. */
export interface RegionMap {
  readonly region: Region
  readonly result: Dataset
}

/** Parts of one tensor that are shown side by side, in colours of one range. */
export interface TensorMaps extends Drawing {
  /** The tensor with the parts that are shown, where they are not all of it. */
  readonly what: string
  readonly dataset: () => Dataset
}

/**
 * Maps of parts of a tensor as one figure: each under its range, the last with the bar of the colours of all.
 * @param names of the model and of the tensor
 */
export function tensorMaps(
  names: { readonly model: string; readonly tensor: string },
  whole: Whole,
  maps: readonly RegionMap[],
  look: Look
): TensorMaps {
  const what = names.tensor + partsNote(maps, whole)
  const results = maps.map(({ result }) => result)
  const [only] = results
  if (maps.length === 1)
    return {
      what,
      dataset: () => only!,
      ...drawing(weightMap, weightMapOf(only!, `${names.model} · ${what}`), look)
    }
  const ranges = maps.map(({ region }) => regionText(region, whole))
  const drawings = results.map((result, i) => {
    const isLast = i === maps.length - 1
    const own: Look = { ...look, shared: true, ...(!isLast && { bar: false }) }
    return drawing(weightMap, weightMapOf(result, null), own)
  })
  return {
    what,
    dataset: () => partsDataset(results, ranges),
    ...drawingsInRow(drawings, ranges, `${names.model} · ${names.tensor}`)
  }
}

function partsNote(maps: readonly RegionMap[], whole: Whole): string {
  const regions = maps.map(({ region }) => region)
  const isAll = regions.length === 1 && isWhole(regions[0]!, whole)
  return isAll ? '' : ` [${regionsText(regions, whole)}]`
}

/** A row for each cell of each part: parts are of unlike lengths. */
function partsDataset(results: readonly Dataset[], ranges: readonly string[]): Dataset {
  const cells = results.flatMap((result, part) => {
    const along = (side: 'row' | 'column') => {
      const [from, to] = [variable(result, `first_${side}`).data, single(result, `${side}s_to`)]
      return Array.from(from, (at, i) => ({ at, count: (from[i + 1] ?? to) - at }))
    }
    const [rows, columns] = [along('row'), along('column')]
    return rows.flatMap(row => columns.map(column => ({ part, row, column })))
  })
  const ofCells = (about: string, of: (cell: (typeof cells)[number]) => number) => ({
    ...{ axes: ['cell'], unit: '', about },
    data: Int32Array.from(cells, of)
  })
  const ofParts = (name: string) => ({
    ...variable(results[0]!, name),
    axes: ['part'],
    data: Float64Array.from(results, result => single(result, name))
  })
  const map = new Float32Array(cells.length)
  let at = 0
  for (const result of results) {
    const { data } = variable(result, 'map')
    map.set(data, at)
    at += data.length
  }
  return dataset(
    { cell: axis(cells.length), part: axis(ranges) },
    {
      map: { ...variable(results[0]!, 'map'), axes: ['cell'], data: map },
      of_part: ofCells('which part, from 0', ({ part }) => part),
      first_row: ofCells('the first row of the cell', ({ row }) => row.at),
      rows: ofCells('rows that it stands for', ({ row }) => row.count),
      first_column: ofCells('the first column of the cell', ({ column }) => column.at),
      columns: ofCells('columns that it stands for', ({ column }) => column.count),
      low: ofParts('low'),
      high: ofParts('high'),
      nan: ofParts('nan'),
      infinite: ofParts('infinite')
    },
    { parts: [...ranges] }
  )
}

import { csvFile, datasetCsv, tablePlan } from '#common/data/dataset-csv.ts'
import type { DatasetEnding } from '#common/data/dataset-endings.ts'
import { datasetJson } from '#common/data/dataset-json.ts'
import { datasetNpz } from '#common/data/dataset-npz.ts'
import { datasetSafetensors } from '#common/data/dataset-safetensors.ts'
import type { Dataset } from '#common/data/dataset.ts'

/** Numbers, and what they are wanted as: a file, or the table of one of CSV by itself. */
export type DataRequest = readonly [whole: Dataset, as: DatasetEnding | 'table']

const types = {
  csv: 'text/csv',
  table: 'text/plain',
  json: 'application/json',
  npz: 'application/zip',
  safetensors: 'application/octet-stream'
}

function contentOf([whole, as]: DataRequest): Iterable<BlobPart> {
  switch (as) {
    case 'csv':
      return csvFile(whole, tablePlan(whole))
    case 'table':
      return datasetCsv(whole, tablePlan(whole))
    case 'json':
      return datasetJson(whole)
    case 'npz':
      return [datasetNpz(whole)]
    case 'safetensors':
      return [datasetSafetensors(whole)]
  }
}

self.addEventListener('message', ({ data }: MessageEvent<DataRequest>) => {
  self.postMessage(new Blob([...contentOf(data)], { type: types[data[1]] }))
})

import { join } from 'node:path'
import { forkProcess } from '../src/main/process/host.ts'
import { createReaders } from '../src/main/reader/client.ts'
import { openModel, type Model } from '../src/main/workbench/model/model.ts'

/** What reads models, running from source. */
export const readerHost = forkProcess(join(import.meta.dirname, '../src/main/reader/process.ts'))

/** A model without a workbench; its reader has to be closed. */
export function openedModel(path: string): Promise<Model> {
  return openModel(path, new AbortController().signal, createReaders(readerHost).start())
}

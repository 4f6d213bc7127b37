import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect, it } from 'vitest'
import type { DescriptionCheck } from '#common/model/describe-reading.ts'
import { describedSpec } from '../../../../src/main/architecture/describe/described.ts'
import { withoutUnitAxes } from '../../../../src/main/architecture/describe/flat-tables.ts'
import { inferDescription } from '../../../../src/main/architecture/describe/infer.ts'
import { openTraceStore } from '../../../../src/main/trace/store.ts'
import { fingerprintOf } from '../../../../src/main/reader/fingerprint.ts'
import { runKey } from '../../../../src/main/workbench/run/run-key.ts'
import { sha256 } from '../../../../src/main/files/sha256.ts'
import { hebrew, startWorkbench, uncancelled, openedModel } from '../../../golden/workbench.ts'

const text = 'בראשית ברא'

const { info, checkpoint, tokenizer } = await openedModel(hebrew)
const tensors = withoutUnitAxes(checkpoint.tensors)
const options = { answers: {}, vocabulary: tokenizer!.vocabularySize }
const description = inferDescription(tensors, options).description!
const spec = describedSpec(description, tensors, 'description')
const fingerprint = fingerprintOf({ ...checkpoint, tensors }, info.rawConfig, spec)
const tokens = await tokenizer!.encode(text, uncancelled())
const ids = tokens.map(({ id }) => id)
const source = { model: { path: hebrew, fingerprint }, edits: [], provider: 'cpu' } as const

/** Checks the description in a workbench with a data folder of its own. */
async function check(dataFolder: string): Promise<DescriptionCheck> {
  const workbench = await startWorkbench({}, dataFolder)
  const { id: modelId } = await workbench.handlers['models.open']({ path: hebrew }, uncancelled())
  const params = { modelId, description, text, characters: null }
  const result = await workbench.handlers['describe.check'](params, uncancelled())
  await workbench.close()
  return result
}

const newFolder = () => mkdtempSync(join(tmpdir(), 'lamella-stale-'))

it('a check does not read what graphs of another computation left in the cache', async () => {
  const fresh = newFolder()
  const expected = await check(fresh)
  const database = new Database(join(fresh, 'trace.sqlite'), { readonly: true })
  const runs = database.prepare('SELECT DISTINCT run FROM value').pluck().all()
  database.close()
  expect(runs).toEqual([runKey({ ...source, edits: [] }, ids)])

  const older = newFolder()
  const cache = openTraceStore(join(older, 'trace.sqlite'), 1e9)
  const shape = [tokens.length, spec.dModel]
  const residual = { shape, data: new Float32Array(tokens.length * spec.dModel) }
  // As keys were, and as they would be without the graphs' own version or with the one before.
  const of = [fingerprint, 'cpu', ids.join(' ')]
  const keys = [of, ['computation 1', ...of], [...of, '[]'], ['computation 1', ...of, '[]']].map(
    texts => sha256(texts)
  )
  for (const run of keys) cache.put(run, 'blocks.3.hook_resid_post', residual, 'whole')
  cache.close()
  expect(await check(older)).toEqual(expected)
})

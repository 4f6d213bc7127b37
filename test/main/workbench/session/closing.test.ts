import { mkdtempSync, readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import type { HandlerContext } from '#common/contract/rpc.ts'
import type { Model } from '../../../../src/main/workbench/model/model.ts'
import { createAbsences } from '../../../../src/main/workbench/session/absences.ts'
import {
  createSessions,
  type Sessions,
  type SessionsOptions
} from '../../../../src/main/workbench/session/sessions.ts'
import { built } from '../../../built.ts'
import { uncancelled } from '../../../golden/workbench.ts'

const model = {
  info: { path: '/models/letters', fingerprint: 'f', name: 'letters', family: 'gpt2' },
  ...{ checkpoint: { files: [] }, files: [] }
} as unknown as Model

/** Sessions of a model whose files are hashed for as long as nothing comes of it. */
function sessionsOf(hashes: Promise<string[]>, folder: string): Sessions {
  return createSessions({
    models: { openBy: () => [model], resolve: () => model, isOpen: () => true },
    hashes: { of: () => hashes },
    clients: { onGone: () => undefined },
    absences: createAbsences({ onGone: () => undefined }),
    ...{ entry: built.sessionEntry, version: '0.0.0', recentFile: join(folder, 'recent.json') },
    ...{ samplesFolder: folder, damaged: () => undefined }
  } as unknown as SessionsOptions)
}

function save({ handlers }: Sessions, path: string, context: Partial<HandlerContext> = {}) {
  const content = { window: {}, library: [], runs: [], notes: [], findings: [], figures: [] }
  const asked = { id: null, path, content, keep: 'recompute' as const, replace: false }
  const wish = { runs: [], results: [], corpora: [] }
  return handlers['sessions.save'](
    { ...asked, wish, elsewhere: false },
    { ...uncancelled(), ...context }
  )
}

it.each([
  ['another', 'Waiting for another session to be saved', ['one', 'two']],
  ['what its window asked for before', 'Waiting for what was asked for before', ['one', 'one']]
])('a session that waits for %s says so', async (_, waits, clients) => {
  const folder = mkdtempSync(join(tmpdir(), 'lamella-waits-'))
  const hashing = Promise.withResolvers<string[]>()
  const sessions = sessionsOf(hashing.promise, folder)
  const told: string[] = []
  const progress: HandlerContext['progress'] = ({ label }) => void told.push(label)
  const both = clients.map((client, i) =>
    save(sessions, join(folder, `${i}.lamella`), { client, progress })
  )
  expect(told).toEqual([waits])
  hashing.resolve([])
  await Promise.all(both)
  await sessions.close()
})

it('leaves nothing of a session that is being saved for the first time as it closes', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'lamella-closing-'))
  const hashing = Promise.withResolvers<string[]>()
  const sessions = sessionsOf(hashing.promise, folder)
  const [saving, waiting] = ['a.lamella', 'b.lamella'].map(name =>
    save(sessions, join(folder, name))
  )
  await expect.poll(() => readdirSync(folder)).toHaveLength(2)
  await sessions.close()
  expect(readdirSync(folder)).toEqual([])
  hashing.resolve([])
  await expect(saving).rejects.toThrow()
  await expect(waiting).rejects.toThrow('The workbench is closed')
  expect(readdirSync(folder)).toEqual([])
})

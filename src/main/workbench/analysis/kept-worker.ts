/** The thread of kept results: turns them into bytes and back, and looks whether they are whole. */
import { workerData } from 'node:worker_threads'
import { answerCalls } from '../../threads/answer.ts'
import { movable } from '../../threads/movable.ts'
import { movableDataset } from '../../threads/movable-dataset.ts'
import { keptFiles } from './kept-files.ts'
import type { KeptCalls, KeptPlace } from './kept-protocol.ts'

answerCalls<KeptCalls>(keptFiles(workerData as KeptPlace), result => {
  if (result === null || typeof result === 'string') return []
  return 'bytes' in result ? movable(result.bytes) : movableDataset(result)
})

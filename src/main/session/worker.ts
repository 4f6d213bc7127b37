/** The thread of a session: reads its file, looks whether each part is whole, and writes it anew. */
import { answerCalls } from '../threads/answer.ts'
import { movable } from '../threads/movable.ts'
import { movableDataset } from '../threads/movable-dataset.ts'
import type { SessionCalls } from './protocol.ts'
import { sessionWork } from './work.ts'

answerCalls<SessionCalls>(sessionWork(), result => {
  if (result === null || typeof result !== 'object') return []
  if ('texts' in result) return movable(result.texts.bytes)
  if ('variables' in result) return movableDataset(result)
  return 'value' in result ? movable(result.value.data) : []
})

import type { Request } from '#common/model/call-table.ts'
import type { ReaderCalls, ReaderLimits } from './protocol.ts'

/** Processor time that a call may take, in ms. */
export function timeFor(
  { call, argument }: Request<ReaderCalls>,
  { time, tokenizerTime, chatTime }: ReaderLimits
): number {
  if (call === 'tokenizer') return tokenizerTime
  if (call === 'chat') return chatTime
  // A text may be of any length: a hundredth of the pace of the slowest of tokenizers.
  if (call === 'encode')
    return time + (argument as ReaderCalls['encode']['argument']).text.length / 5
  return time
}

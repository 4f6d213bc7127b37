/** A worker thread that fails as its analysis is called; it says that it started, what it takes, and when it hangs. */
import { parentPort } from 'node:worker_threads'

const said = new BroadcastChannel('faulty worker')
said.postMessage('started')
let name = ''
/** Calls of one that is slow: answered once it is told to go on. */
const held: number[] = []
said.onmessage = ({ data }) => {
  if (data === 'go on')
    for (const id of held.splice(0)) parentPort!.postMessage({ id, result: null })
  else if (data === 'fall') throw new Error('fell')
}
parentPort!.on(
  'message',
  ({ id, call, argument }: { id: number; call: string; argument: { name: string } }) => {
    if (call === 'start') name = argument.name
    else if (name === 'exits') process.exit(3)
    else if (name === 'throws') throw new Error('out of luck')
    else if (name === 'hangs' && call === 'result') return said.postMessage(name)
    else if (name === 'slow' && call === 'take') {
      held.push(id)
      return said.postMessage(`${held.length} held`)
    }
    parentPort!.postMessage({ id, result: null })
  }
)

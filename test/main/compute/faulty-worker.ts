/** A worker thread that fails as its analysis is called; it says when it hangs. */
import { parentPort } from 'node:worker_threads'

const said = new BroadcastChannel('faulty worker')
let name = ''
parentPort!.on(
  'message',
  ({ id, call, argument }: { id: number; call: string; argument: { name: string } }) => {
    if (call === 'start') name = argument.name
    else if (name === 'exits') process.exit(3)
    else if (name === 'throws') throw new Error('out of luck')
    else if (name === 'hangs' && call === 'result') return said.postMessage(name)
    parentPort!.postMessage({ id, result: null })
  }
)

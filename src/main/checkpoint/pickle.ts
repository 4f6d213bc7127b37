import { setImmediate as nextTurn } from 'node:timers/promises'
import { cancelled } from '#common/model/errors.ts'
import type { PickleBytes } from './pickle-bytes.ts'
import { PickleMachine, type PicklePolicy } from './pickle-machine.ts'
import { asKind, emptyTuple, type PickleValue } from './pickle-value.ts'

/**
 * Reads one pickle of protocols 0 to 5 as a description: names stay words, calls stay records of what
 * would have been called. Nothing is looked up and nothing runs.
 * @throws LamellaError naming what is wrong and where
 * @source CPython, Lib/pickletools.py (the opcodes and their effect on the stack)
 */
export async function readPickle(
  bytes: PickleBytes,
  policy: PicklePolicy,
  signal?: AbortSignal
): Promise<PickleValue> {
  const machine = new PickleMachine(bytes, policy)
  let lastTurn = performance.now()
  for (let count = 1; ; count++) {
    const at = bytes.position
    const opcode = bytes.u8()
    if (opcode === 0x2e) return machine.result()
    step(machine, bytes, opcode, at)
    if (count % 4096 !== 0 || performance.now() - lastTurn < longestTurn) continue
    await nextTurn()
    if (signal?.aborted) throw cancelled()
    lastTurn = performance.now()
  }
}

/** Milliseconds of reading before other work may run. */
const longestTurn = 20

/** Carries out one instruction. */
function step(machine: PickleMachine, bytes: PickleBytes, opcode: number, at: number): void {
  switch (opcode) {
    case 0x80: {
      const protocol = bytes.u8()
      if (protocol > 5) throw machine.error(`is of protocol ${protocol}; 0 to 5 are known`)
      return
    }
    case 0x95: // FRAME
      if (bytes.u64() > bytes.bytes.length - bytes.position) bytes.skip(Infinity)
      return
    case 0x28: // (
      return machine.mark()
    case 0x30: // 0
      return machine.drop()
    case 0x31: // 1
      machine.popMark()
      return
    case 0x32: // 2
      return machine.push(machine.top())

    case 0x4e: // N
      return machine.push(null)
    case 0x88:
      return machine.push(true)
    case 0x89:
      return machine.push(false)
    case 0x49: // I
    case 0x4c: // L
      return machine.push(bytes.integerLine())
    case 0x4a: // J
      return machine.push(bytes.i32())
    case 0x4b: // K
      return machine.push(bytes.u8())
    case 0x4d: // M
      return machine.push(bytes.u16())
    case 0x8a:
      return machine.push(bytes.long(bytes.u8()))
    case 0x8b:
      return machine.push(bytes.long(bytes.i32()))
    case 0x46: // F
      return machine.push(bytes.floatLine())
    case 0x47: // G
      return machine.push(bytes.f64())

    case 0x53: // S
      return machine.push(bytes.quotedLine())
    case 0x56: // V
      return machine.push(bytes.rawUnicodeLine())
    case 0x54: // T
    case 0x58: // X
      return machine.push(bytes.text(bytes.u32()))
    case 0x55: // U
    case 0x8c:
      return machine.push(bytes.text(bytes.u8()))
    case 0x8d:
      return machine.push(bytes.text(bytes.u64()))
    case 0x42: // B
      return machine.push(bytes.blob(bytes.u32()))
    case 0x43: // C
      return machine.push(bytes.blob(bytes.u8()))
    case 0x8e:
    case 0x96:
      return machine.push(bytes.blob(bytes.u64()))

    case 0x29: // )
      return machine.push(emptyTuple)
    case 0x74: // t
      return machine.push(machine.tuple(machine.popMark()))
    case 0x85:
    case 0x86:
    case 0x87:
      return machine.push(machine.tuple(machine.popSome(opcode - 0x84)))
    case 0x5d: // ]
    case 0x8f:
      return machine.push(machine.list([]))
    case 0x6c: // l
    case 0x91:
      return machine.push(machine.list(machine.popMark()))
    case 0x7d: // }
      return machine.push(machine.plainDict())
    case 0x64: {
      // d
      const items = machine.popMark()
      const dict = machine.plainDict()
      machine.setItems(dict, items)
      return machine.push(dict)
    }
    case 0x61: // a
      return machine.append([machine.pop()])
    case 0x65: // e
    case 0x90:
      return machine.append(machine.popMark())
    case 0x73: // s
      return machine.setItems(machine.below(2), machine.popSome(2))
    case 0x75: {
      // u
      const items = machine.popMark()
      return machine.setItems(machine.top(), items)
    }

    case 0x70: // p
      return machine.remember(Number(bytes.integerLine()))
    case 0x71: // q
      return machine.remember(bytes.u8())
    case 0x72: // r
      return machine.remember(bytes.u32())
    case 0x94:
      return machine.memoize()
    case 0x67: // g
      return machine.push(machine.recall(Number(bytes.integerLine())))
    case 0x68: // h
      return machine.push(machine.recall(bytes.u8()))
    case 0x6a: // j
      return machine.push(machine.recall(bytes.u32()))

    case 0x63: // c
      return machine.push(machine.mention(bytes.line(), bytes.line()))
    case 0x93: {
      const [module, name] = machine.popSome(2)
      return machine.push(machine.mention(module!, name!))
    }
    case 0x50: // P
      return machine.push(machine.persistent(bytes.line()))
    case 0x51: // Q
      return machine.push(machine.persistent(machine.pop()))
    case 0x52: {
      // R
      const [callee, args] = machine.popSome(2)
      return machine.push(machine.call(callee!, args!))
    }
    case 0x69: {
      // i
      const callee = machine.mention(bytes.line(), bytes.line())
      return machine.push(machine.call(callee, machine.tuple(machine.popMark())))
    }
    case 0x6f: {
      // o
      const [callee, ...args] = machine.popMark()
      if (callee === undefined) throw machine.error('makes an object of no class')
      return machine.push(machine.call(callee, machine.tuple(args)))
    }
    case 0x81: {
      const [type, args] = machine.popSome(2)
      return machine.push(machine.instance(type!, args!))
    }
    case 0x92: {
      const [type, args, keywords] = machine.popSome(3)
      if (!asKind(keywords, 'dict')) throw machine.error('has keyword arguments that are no dict')
      return machine.push(machine.instance(type!, args!))
    }
    case 0x62: // b
      return machine.build(machine.pop())
  }
  throw machine.error(
    opcode >= 0x82 && opcode <= 0x84
      ? 'uses the extension registry'
      : opcode === 0x97 || opcode === 0x98
        ? 'takes buffers from outside'
        : `has the unknown instruction 0x${opcode.toString(16).padStart(2, '0')} at byte ${at}`
  )
}

import { mkdtemp, mkdir, writeFile } from 'node:fs/promises'
import crypto from 'node:crypto'
import { type IncomingHttpHeaders, type IncomingMessage, request } from 'node:http'
import { syncBuiltinESMExports } from 'node:module'
import { connect, type Socket } from 'node:net'
import { networkInterfaces, tmpdir } from 'node:os'
import { join } from 'node:path'
import { deflateRawSync } from 'node:zlib'
import sirv from 'sirv'
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest'
import { clientMessage } from '#common/contract/message-extent.ts'
import { connectApi } from '#common/contract/rpc.ts'
import { clientSocket, notUnderstood, tooMuch } from '#common/contract/socket-transport.ts'
import { protocolsWith } from '#common/contract/socket-token.ts'
import { encodeMessage } from '#common/contract/wire.ts'
import { judgeSocket } from '../../../../src/main/shell/serve/guard.ts'
import type { FileHandler } from '../../../../src/main/shell/serve/respond.ts'
import { type RunningServer, startServer } from '../../../../src/main/shell/serve/server.ts'
import { testSource } from '../../../contract/source.ts'
import { openSocket, originOf, ownHeaders } from '../../../contract/transports.ts'

/** Longer than a test takes, in ms. */
const long = 2 ** 30

let server: RunningServer
const source = testSource()

beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'lamella-serve-'))
  await mkdir(join(folder, 'window'))
  await writeFile(join(folder, 'secret.txt'), 'SECRET')
  await writeFile(join(folder, 'window', 'index.html'), '<!doctype html>WINDOW')
  await writeFile(join(folder, 'window', '.hidden'), 'SECRET')
  server = await startServer({
    source,
    files: sirv(join(folder, 'window'), { dev: false })
  })
})
afterAll(() => server.close())

interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

/** A request with nothing added or made clean on its way. */
function ask(
  path: string,
  headers: Record<string, string> = { cookie: ownHeaders(server).cookie ?? '' },
  options: { method?: string; body?: string } = {}
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request(
      { host: '127.0.0.1', port: server.port, path, headers, method: options.method ?? 'GET' },
      response => {
        let body = ''
        response.on('data', (chunk: Buffer) => (body += chunk.toString()))
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body })
        )
      }
    )
    sent.on('error', reject)
    sent.end(options.body)
  })
}

/** The status with which a WebSocket is refused; 101 when it is not. */
async function socketStatus(
  headers: Record<string, string>,
  path = '/rpc',
  protocols = protocolsWith(server.token)
): Promise<number> {
  try {
    ;(await openSocket(server, headers, path, protocols)).terminate()
    return 101
  } catch (error) {
    return Number(/\d{3}/.exec((error as Error).message)?.[0])
  }
}

function closed(socket: Socket): Promise<void> {
  return new Promise(resolve => {
    socket.on('close', () => resolve())
    socket.on('error', () => undefined)
    socket.resume()
  })
}

describe('letting in', () => {
  it('trades the token for a cookie and shows the window under a clean address', async () => {
    const first = await ask(`/?token=${server.token}`, {})
    expect(first.status).toBe(303)
    expect(first.headers.location).toBe(`/#token=${server.token}`)
    const [cookie = ''] = first.headers['set-cookie'] ?? []
    expect(cookie.split('; ').slice(1)).toEqual(['HttpOnly', 'SameSite=Strict', 'Path=/'])
    const second = await ask('/', { cookie: cookie.split(';')[0] ?? '' })
    expect(second).toMatchObject({ status: 200, body: '<!doctype html>WINDOW' })
  })

  it('steps on by itself when another site led here, since a strict cookie stays behind', async () => {
    const answer = await ask(`/?token=${server.token}`, { 'sec-fetch-site': 'cross-site' })
    expect(answer).toMatchObject({
      status: 200,
      headers: { refresh: `0; url=/#token=${server.token}` }
    })
    expect(answer.headers['set-cookie']).toHaveLength(1)
  })

  it('draws 256 bits for each secret of each server', async () => {
    for (const secret of [server.token, server.pass])
      expect(Buffer.from(secret, 'base64url')).toHaveLength(32)
    expect(server.token).not.toBe(server.pass)
    const other = await startServer({ source, files: (_request, _response, next) => next() })
    expect(other.token).not.toBe(server.token)
    await other.close()
  })

  it('says what it is not asked for with 404 and 405', async () => {
    expect((await ask('/nothing.js')).status).toBe(404)
    expect((await ask('/.hidden')).status).toBe(404)
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS', 'TRACE'])
      expect((await ask('/', undefined, { method })).status).toBe(405)
  })

  it('sends the headers that keep the window closed', async () => {
    for (const answer of [await ask('/'), await ask('/', {}), await ask('/nothing')]) {
      expect(answer.headers).toMatchObject({
        'referrer-policy': 'no-referrer',
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-resource-policy': 'same-origin',
        'cache-control': 'no-store'
      })
      expect(answer.headers['access-control-allow-origin']).toBeUndefined()
      const policy = answer.headers['content-security-policy']
      expect(policy).toContain("default-src 'none'; script-src 'self';")
      expect(policy).not.toContain('unsafe-eval')
      expect(policy).not.toMatch(/script-src[^;]*unsafe-inline/)
    }
  })
})

describe('69: a Host that is not this machine', () => {
  it.each(['evil.example', 'evil.example:PORT', '127.0.0.1', '127.0.0.1:1', '127.0.0.1.evil:PORT'])(
    '%s is refused with 403, page and socket',
    async name => {
      const host = name.replace('PORT', String(server.port))
      expect((await ask('/', { ...ownHeaders(server), host })).status).toBe(403)
      expect((await ask(`/?token=${server.token}`, { host })).status).toBe(403)
      expect(await socketStatus({ ...ownHeaders(server), host })).toBe(403)
    }
  )

  it.each(['127.0.0.1', 'localhost', '[::1]'])('%s is not refused', async name => {
    const host = `${name}:${server.port}`
    const headers = { ...ownHeaders(server), host, origin: `http://${host}` }
    expect((await ask('/', headers)).status).toBe(200)
    expect(await socketStatus(headers)).toBe(101)
  })

  it('none is refused', async () => {
    const socket = connect(server.port, '127.0.0.1')
    let answer = ''
    socket.on('data', chunk => (answer += chunk.toString()))
    socket.write(`GET /?token=${server.token} HTTP/1.0\r\n\r\n`)
    await closed(socket)
    expect(answer).toMatch(/^HTTP\/1.1 403 /)
  })
})

describe('70: a WebSocket from elsewhere', () => {
  it.each([
    'http://evil.example',
    'null',
    'http://127.0.0.1:PORT.evil.example',
    'http://127.0.0.1:PORT/',
    'http://127.0.0.1:1',
    'https://127.0.0.1:PORT',
    'http://localhost:PORT',
    'file://'
  ])('with Origin %s is refused with 403', async origin => {
    const headers = { ...ownHeaders(server), origin: origin.replace('PORT', String(server.port)) }
    expect(await socketStatus(headers)).toBe(403)
  })

  it('without Origin is refused with 403', async () => {
    expect(await socketStatus({})).toBe(403)
  })

  it('is accepted from this server only at /rpc', async () => {
    expect(await socketStatus(ownHeaders(server))).toBe(101)
    expect(await socketStatus(ownHeaders(server), '/other')).toBe(404)
  })
})

describe('71: without the token', () => {
  const wrong: [string, (own: RunningServer) => Record<string, string>][] = [
    ['no cookie', () => ({})],
    ['an empty cookie', ({ port }) => ({ cookie: `lamella-${port}=` })],
    ['a longer cookie', ({ port, pass }) => ({ cookie: `lamella-${port}=${pass}x` })],
    ['a shorter cookie', ({ port, pass }) => ({ cookie: `lamella-${port}=${pass.slice(1)}` })],
    ['the token for a cookie', ({ port, token }) => ({ cookie: `lamella-${port}=${token}` })],
    ['another server’s cookie', ({ port, pass }) => ({ cookie: `lamella-${port + 1}=${pass}` })],
    ['a bearer token', ({ token }) => ({ authorization: `Bearer ${token}` })]
  ]
  it.each(wrong)(
    '%s: every route answers 401, and sockets but the API’s',
    async (_, headersFor) => {
      const headers = headersFor(server)
      for (const path of ['/', '/index.html', '/rpc', '/nothing', '/../secret.txt'])
        expect([path, (await ask(path, headers)).status]).toEqual([path, 401])
      expect((await ask('/', headers, { method: 'POST' })).status).toBe(401)
      const origin = originOf(server)
      expect(await socketStatus({ ...headers, origin }, '/other')).toBe(401)
      expect(await socketStatus({ ...headers, origin }, '/rpc', [])).toBe(401)
    }
  )

  it.each<[string, (own: RunningServer) => string[]]>([
    ['nothing', () => []],
    ['no token', () => ['lamella']],
    ['an empty token', () => protocolsWith('')],
    ['a longer token', ({ token }) => protocolsWith(`${token}x`)],
    ['a shorter token', ({ token }) => protocolsWith(token.slice(1))],
    ['what the cookie holds', ({ pass }) => protocolsWith(pass)]
  ])('a socket that shows %s is refused in spite of a good cookie', async (_, protocolsFor) => {
    expect(await socketStatus(ownHeaders(server), '/rpc', protocolsFor(server))).toBe(401)
  })

  it('a socket needs no cookie but the token', async () => {
    expect(await socketStatus({ origin: originOf(server) })).toBe(101)
  })

  it('a token in a socket’s address is none', async () => {
    const path = `/rpc?token=${server.token}`
    expect(await socketStatus({ origin: originOf(server) }, path, [])).toBe(401)
  })

  it('a wrong token in the address is refused in spite of a good cookie', async () => {
    expect((await ask('/?token=wrong')).status).toBe(401)
    expect((await ask('/?token=')).status).toBe(401)
  })

  it('secrets are compared by what takes equally long for all', () => {
    const compare = vi.spyOn(crypto, 'timingSafeEqual')
    syncBuiltinESMExports()
    const socket = { headers: { host: `127.0.0.1:${server.port}` } }
    const shown = (token: string) =>
      judgeSocket(server, {
        url: '/rpc',
        headers: { ...socket.headers, 'sec-websocket-protocol': protocolsWith(token).join(', ') }
      } as IncomingMessage)
    for (const token of ['', 'x', server.token.slice(0, -1), server.token])
      expect(shown(token)).toHaveProperty('status', token === server.token ? 403 : 401)
    expect(compare.mock.calls.map(([given]) => given.byteLength)).toEqual([32, 32, 32, 32])
  })
})

describe('72: the token', () => {
  it('stands in no answer but the step of who knows it, in what is sent to nobody', async () => {
    const entry = await ask(`/?token=${server.token}`, {})
    const { location = '', ...others } = entry.headers
    expect(location.split('#')).toEqual(['/', `token=${server.token}`])
    const page = await ask('/')
    for (const text of [JSON.stringify(others), entry.body, JSON.stringify(page)])
      expect(text).not.toContain(server.token)
    expect(page.headers['set-cookie']).toBeUndefined()
  })
})

describe('73: taking too much', () => {
  it('a body is refused with 413', async () => {
    const counted = { ...ownHeaders(server), 'content-length': '10' }
    expect((await ask('/', counted, { body: 'x'.repeat(10) })).status).toBe(413)
    const chunked = { ...ownHeaders(server), 'transfer-encoding': 'chunked' }
    expect((await ask('/', chunked)).status).toBe(413)
  })

  it('headers over 16 KB are refused', async () => {
    const { status } = await ask('/', { ...ownHeaders(server), 'x-long': 'x'.repeat(20_000) })
    expect(status).toBe(431)
  })

  /** The code with which a socket is closed that sends this. */
  async function closingCode(message: Uint8Array | string): Promise<unknown> {
    const socket = await openSocket(server)
    const code = new Promise(resolve => socket.on('close', resolve))
    socket.send(message)
    return code
  }

  it('a message over the cap closes the socket', async () => {
    expect(await closingCode(new Uint8Array(clientMessage.whole + 1))).toBe(1009)
  })

  it('a message of too many or too deep values closes the socket before it is read', async () => {
    const flat = encodeMessage(Array.from({ length: clientMessage.values }, () => []))
    expect(await closingCode(flat)).toBe(tooMuch)
    // 4 MB of lists inside one another.
    expect(await closingCode(new Uint8Array(clientMessage.bytes).fill(0x91))).toBe(tooMuch)
  })

  it('a message that is no MessagePack closes the socket', async () => {
    for (const message of [Uint8Array.of(0xc1), Uint8Array.of(0xdd, 255, 255, 255, 255), 'text'])
      expect(await closingCode(message)).toBe(notUnderstood)
  })

  it('compression is not agreed to, and a compressed bomb closes the socket', async () => {
    const socket = await openSocket(server)
    expect(socket.extensions).toBe('')
    const code = new Promise(resolve => socket.on('close', resolve))
    const bomb = deflateRawSync(Buffer.alloc(2 ** 20))
    const raw = (socket as unknown as { _socket: Socket })._socket
    const mask = Buffer.alloc(4)
    const head = Buffer.from([0xc2, 0x80 | 126, bomb.length >> 8, bomb.length & 255])
    raw.write(Buffer.concat([head, mask, bomb]))
    await code
  })

  it('a client that sends its request too slowly, or says nothing, is closed', async () => {
    const files: FileHandler = (_request, _response, next) => next()
    const impatient = await startServer({ source, files, limits: { request: 300 } })
    const socket = connect(impatient.port, '127.0.0.1')
    socket.write('GET / HTTP/1.1\r\nHost: ')
    await Promise.all([closed(socket), closed(connect(impatient.port, '127.0.0.1'))])
    await impatient.close()
  })

  it('many connections that show nothing keep no window out, and end none', async () => {
    const few = await startServer({
      source,
      files: (_request, response) => response.end('WINDOW'),
      limits: { connections: 8, request: long }
    })
    const window = await openSocket(few)
    const idle = Array.from({ length: 300 }, () => connect(few.port, '127.0.0.1'))
    let ended = 0
    for (const socket of idle) {
      socket.on('error', () => undefined).on('close', () => ended++)
      socket.resume()
    }
    await expect.poll(() => ended).toBe(292)
    const other = await openSocket(few)
    const page = await fetch(`http://127.0.0.1:${few.port}/`, {
      headers: { cookie: ownHeaders(few).cookie! }
    })
    expect(await page.text()).toBe('WINDOW')
    expect([window.readyState, other.readyState]).toEqual([window.OPEN, window.OPEN])
    for (const socket of idle) socket.destroy()
    await few.close()
  })

  it('connections that have shown nothing give way before those that read the window', async () => {
    const few = await startServer({
      source,
      files: (_request, response) => response.end('WINDOW'),
      limits: { connections: 2, request: long }
    })
    const reader = connect(few.port, '127.0.0.1')
    const isClosed = closed(reader)
    const answers: string[] = []
    reader.on('data', chunk => answers.push(chunk.toString()))
    const { cookie } = ownHeaders(few)
    reader.write(`GET / HTTP/1.1\r\nHost: 127.0.0.1:${few.port}\r\nCookie: ${cookie}\r\n\r\n`)
    await expect.poll(() => answers.join('')).toContain('WINDOW')
    const [first, second] = [connect(few.port, '127.0.0.1'), connect(few.port, '127.0.0.1')]
    await closed(first)
    expect(reader.readyState).toBe('open')
    second.destroy()
    await few.close()
    await isClosed
  })

  it('connections that are over count no more', async () => {
    const few = await startServer({
      source,
      files: (_request, response) => response.end('WINDOW'),
      limits: { connections: 2, request: long }
    })
    const { cookie } = ownHeaders(few)
    for (let i = 0; i < 3; i++) {
      const page = connect(few.port, '127.0.0.1')
      page.write(`GET / HTTP/1.1\r\nHost: 127.0.0.1:${few.port}\r\nCookie: ${cookie}\r\n\r\n`)
      await new Promise(resolve => page.once('data', resolve))
      page.destroy()
    }
    const ended: number[] = []
    const idle = [0, 1].map(i => connect(few.port, '127.0.0.1').on('close', () => ended.push(i)))
    for (const socket of idle) socket.resume()
    // Each of its own accord, the third in place of the first.
    await expect.poll(() => idle.every(({ readyState }) => readyState === 'open')).toBe(true)
    expect((await fetch(`http://127.0.0.1:${few.port}/`)).status).toBe(401)
    expect(ended).toEqual([0])
    for (const socket of idle) socket.destroy()
    await few.close()
  })

  it('a client that does not read the window is closed', async () => {
    let isClosed = false
    const impatient = await startServer({
      source,
      files(_request, response) {
        response.on('close', () => (isClosed = true))
        response.end(Buffer.alloc(2 ** 26))
      },
      limits: { request: 300 }
    })
    const { cookie } = ownHeaders(impatient)
    const socket = connect(impatient.port, '127.0.0.1').pause()
    socket.write(`GET / HTTP/1.1\r\nHost: 127.0.0.1:${impatient.port}\r\nCookie: ${cookie}\r\n\r\n`)
    await expect.poll(() => isClosed).toBe(true)
    socket.destroy()
    await impatient.close()
  })

  it('a refused socket is closed although its other end stays open', async () => {
    const socket = connect({ port: server.port, host: '127.0.0.1', allowHalfOpen: true })
    socket.write(
      `GET /rpc HTTP/1.1\r\nHost: 127.0.0.1:${server.port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`
    )
    const ended = new Promise(resolve => socket.on('end', resolve))
    socket.resume()
    await ended
    const reset = closed(socket)
    const more = setInterval(() => socket.write('more'), 20)
    await reset
    clearInterval(more)
  })

  it('a socket that no longer answers pings is closed, and its subscription ends', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
    onTestFinished(() => void vi.useRealTimers())
    const own = testSource()
    const pinging = await startServer({ source: own, files: (_request, _response, next) => next() })
    const socket = await openSocket(pinging)
    const client = connectApi(clientSocket(socket))
    let pings = 0
    socket.on('ping', () => pings++)
    for (const count of [1, 2, 3]) {
      vi.advanceTimersByTime(30_000)
      await expect.poll(() => pings).toBe(count)
      // Sent after its answer to the ping.
      await client.call('app.info', {})
    }
    expect(own.listenerCount).toBe(1)
    ;(socket as unknown as { _socket: Socket })._socket.pause()
    vi.advanceTimersByTime(60_000)
    await expect.poll(() => own.listenerCount).toBe(0)
    socket.terminate()
    await pinging.close()
  })

  it('a client that does not read what it asked for is closed', async () => {
    const big = { shape: [2 ** 22], data: new Float32Array(2 ** 22) }
    let answered = 0
    const hungry = await startServer({
      source: {
        ...source,
        handlers: {
          ...source.handlers,
          'runs.value': () => {
            answered++
            return Promise.resolve(big)
          }
        }
      },
      files: (_request, _response, next) => next(),
      limits: { buffered: 2 ** 25 }
    })
    const socket = await openSocket(hungry)
    const code = new Promise(resolve => socket.on('close', resolve))
    ;(socket as unknown as { _socket: Socket })._socket.pause()
    socket.send(encodeMessage({ type: 'hello', client: 'hungry' }))
    const params = { runId: 'r', hook: 'h' }
    for (let id = 0; id < 8; id++)
      socket.send(encodeMessage({ type: 'call', id, method: 'runs.value', params }))
    await expect.poll(() => answered).toBe(8)
    ;(socket as unknown as { _socket: Socket })._socket.resume()
    expect(await code).toBe(1013)
    await hungry.close()
  })
})

describe('74: a path that leaves the window', () => {
  it.each([
    '/%2e%2e/secret.txt',
    '/../secret.txt',
    '/assets/../../secret.txt',
    '/..%2fsecret.txt',
    '/%2e%2e%5csecret.txt',
    '/..\\secret.txt',
    '//etc/passwd',
    '///etc/passwd',
    '/%2fetc/passwd',
    '/C:/Windows/win.ini',
    '/./index.html',
    '/%2e/index.html',
    '/index.html%00.png',
    'http://evil.example/',
    '*'
  ])('%s is refused with 403', async path => {
    const answer = await ask(path)
    expect(answer.status).toBe(403)
    expect(answer.headers.connection).toBe('close')
    expect(answer.body).not.toContain('SECRET')
  })

  it.each(['/%252e%252e/secret.txt', '/secret.txt', '/etc/passwd'])(
    '%s is not there',
    async path => {
      expect((await ask(path)).status).toBe(404)
    }
  )

  it('an address that is no text is refused with 400', async () => {
    expect((await ask('/%ff%fe')).status).toBe(400)
  })
})

describe('75: other machines', () => {
  it('find nothing at the addresses they can reach', async () => {
    const addresses = Object.values(networkInterfaces())
      .flatMap(list => list ?? [])
      .filter(({ internal, family }) => !internal && family === 'IPv4')
      .map(({ address }) => address)
    const others = process.platform === 'linux' ? [...addresses, '127.0.0.2'] : addresses
    for (const host of others)
      await expect(
        new Promise((resolve, reject) =>
          connect(server.port, host).on('connect', resolve).on('error', reject)
        )
      ).rejects.toThrow('ECONNREFUSED')
  })
})

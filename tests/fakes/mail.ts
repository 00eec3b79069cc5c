// A mail server that keeps what it is given: SMTP as far as a sender needs it.
import { type AddressInfo, createServer, type Socket } from 'node:net'

export interface Mailbox {
  url: string
  mails: string[]
  /** When each of them had come, in ms since 1970. */
  times: number[]
  close(): Promise<void>
}

export async function startMailServer(port = 0): Promise<Mailbox> {
  const mails: string[] = []
  const times: number[] = []
  const open = new Set<Socket>()
  const server = createServer(socket => {
    open.add(socket)
    socket.on('close', () => open.delete(socket))
    serve(socket, text => {
      mails.push(text)
      times.push(Date.now())
    })
  })
  await new Promise<void>(done => server.listen(port, '127.0.0.1', done))
  const close = () =>
    new Promise<void>(done => {
      for (const socket of open) socket.destroy()
      server.close(() => done())
    })
  return { url: `smtp://127.0.0.1:${(server.address() as AddressInfo).port}`, mails, times, close }
}

function serve(socket: Socket, keep: (text: string) => void): void {
  let rest = ''
  let mail: string[] | null = null
  const say = (line: string) => socket.write(`${line}\r\n`)
  const takeCommand = (line: string) => {
    const command = line.slice(0, 4).toUpperCase()
    if (command === 'DATA') {
      mail = []
      say('354 go on')
    } else if (command === 'QUIT') {
      say('221 bye')
      socket.end()
    } else say('250 ok')
  }
  say('220 mail.test')
  socket.setEncoding('utf8').on('error', () => undefined)
  socket.on('data', text => {
    const lines = (rest + text).split('\r\n')
    rest = lines.pop() ?? ''
    for (const line of lines) {
      if (mail === null) takeCommand(line)
      else if (line === '.') {
        keep(mail.join('\n'))
        mail = null
        say('250 kept')
      } else mail.push(line)
    }
  })
}

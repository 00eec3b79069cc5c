// A mail server that keeps what it is given: SMTP as far as a sender needs it.
import { type AddressInfo, createServer, type Socket } from 'node:net'

export interface Mailbox {
  url: string
  mails: string[]
  /** When each of them had come, in ms since 1970. */
  times: number[]
  /** It keeps mails and hangs up instead of saying so. */
  hangsUp: boolean
  /** What it says to a recipient; null: welcome. */
  refusal: string | null
  /** How long it thinks about a whole mail. */
  answerMs: number
  close(): Promise<void>
}

export async function startMailServer(port = 0): Promise<Mailbox> {
  const mails: string[] = []
  const times: number[] = []
  const open = new Set<Socket>()
  const server = createServer(socket => {
    open.add(socket)
    socket.on('close', () => open.delete(socket))
    serve(
      socket,
      () => box.refusal,
      text => {
        mails.push(text)
        times.push(Date.now())
        if (box.hangsUp) socket.destroy()
        return box.answerMs
      },
    )
  })
  await new Promise<void>(done => server.listen(port, '127.0.0.1', done))
  const close = () =>
    new Promise<void>(done => {
      for (const socket of open) socket.destroy()
      server.close(() => done())
    })
  const box: Mailbox = {
    url: `smtp://127.0.0.1:${(server.address() as AddressInfo).port}`,
    mails,
    times,
    hangsUp: false,
    refusal: null,
    answerMs: 0,
    close,
  }
  return box
}

function serve(socket: Socket, refusal: () => string | null, keep: (text: string) => number): void {
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
    } else say((command === 'RCPT' && refusal()) || '250 ok')
  }
  say('220 mail.test')
  socket.setEncoding('utf8').on('error', () => undefined)
  socket.on('data', text => {
    const lines = (rest + text).split('\r\n')
    rest = lines.pop() ?? ''
    for (const line of lines) {
      if (mail === null) takeCommand(line)
      else if (line === '.') {
        const wait = keep(mail.join('\n'))
        mail = null
        if (wait > 0) setTimeout(say, wait, '250 kept')
        else say('250 kept')
      } else mail.push(line)
    }
  })
}

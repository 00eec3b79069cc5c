import pino, { type Logger } from 'pino'
import { env } from './env'
import { redact } from './redact'
import { shared } from './shared'

// Redaction happens at the sink, on the finished line: nothing that is logged can take another way out (reliability.md B18).
const sink = {
  write(line: string) {
    process.stdout.write(redact(line))
  },
}

export function log(): Logger {
  return shared('log', () =>
    pino(
      {
        level: env().LOG_LEVEL,
        base: { role: env().ROLE },
        timestamp: pino.stdTimeFunctions.isoTime,
        serializers: { err: pino.stdSerializers.errWithCause },
      },
      sink,
    ),
  )
}

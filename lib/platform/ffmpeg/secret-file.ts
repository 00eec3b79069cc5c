import 'server-only'
import { randomUUID } from 'node:crypto'
import { closeSync, constants, openSync, unlinkSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/**
 * A file without a name that holds these lines, open for a child to inherit. FFmpeg opens `/dev/fd/N`, which a socket or a pipe
 * of Node does not allow. The caller closes it.
 */
export function openSecretFile(lines: readonly string[]): number {
  const path = join(tmpdir(), `${randomUUID()}.options`)
  const fd = openSync(/* turbopackIgnore: true */ path, constants.O_RDWR | constants.O_CREAT | constants.O_EXCL, 0o600)
  try {
    unlinkSync(path)
    writeSync(fd, `${lines.join('\n')}\n`)
    return fd
  } catch (error) {
    closeSync(fd)
    throw error
  }
}

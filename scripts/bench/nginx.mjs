// nginx from Debian as yardstick: one worker, its own configuration in a folder that goes with it.
import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sleep } from './world.mjs'

/** Starts nginx with these `location` blocks; `files` are written below its root. */
export async function startNginx({ port, locations = '', files = {} }) {
  const folder = mkdtempSync(join(tmpdir(), 'watchtheflix-nginx-'))
  mkdirSync(join(folder, 'root'))
  for (const [name, bytes] of Object.entries(files)) writeFileSync(join(folder, 'root', name), bytes)
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map(name => `${name}_temp_path ${folder}/${name};`)
    .join('\n')
  writeFileSync(
    join(folder, 'nginx.conf'),
    `daemon off; master_process off; worker_processes 1; worker_rlimit_nofile 65536; error_log ${folder}/error.log; pid ${folder}/pid;
events { worker_connections 30000; }
http { access_log off; sendfile on; tcp_nopush on; keepalive_requests 1000000000; default_type application/json; ${temporary}
server { listen 127.0.0.1:${port} backlog=4096; root ${folder}/root; gzip_static on; ${locations} } }`,
  )
  const child = spawn('nginx', ['-c', join(folder, 'nginx.conf'), '-p', folder, '-e', join(folder, 'error.log')], {
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  await sleep(400)
  if (child.exitCode !== null) throw new Error('nginx did not start.')
  const end = async () => {
    const ended = new Promise(done => child.once('exit', done))
    child.kill('SIGTERM')
    await Promise.race([ended, sleep(5_000)])
    rmSync(folder, { recursive: true, force: true })
  }
  return { pid: child.pid, address: `http://127.0.0.1:${port}`, end }
}

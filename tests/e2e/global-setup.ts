import { newDataDir, removeDataDir, startProvider, startServer } from './server'
import { dataDirVariable, LANES, portsOf } from './world'

/** Starts the scripted provider and the built server on an empty database, once a lane; returns what ends them. */
export default async function globalSetup(): Promise<() => Promise<void>> {
  // One after the other: the first start on a machine paints the provider's pictures, which the others find ready.
  const ends: (() => Promise<void>)[] = []
  for (let lane = 0; lane < LANES; lane++) ends.push(await startLane(lane))
  return async () => void (await Promise.all(ends.map(end => end())))
}

async function startLane(lane: number): Promise<() => Promise<void>> {
  const ports = portsOf(lane)
  const dataDir = newDataDir()
  const provider = await startProvider(ports.provider)
  const env = {
    LOOPBACK_UPSTREAMS: [ports.provider, ports.push, ports.own].map(port => `127.0.0.1:${port}`).join(),
    SMTP_URL: `smtp://127.0.0.1:${ports.mail}`,
    OIDC_ISSUER: `http://127.0.0.1:${ports.oidc}`,
    OIDC_CLIENT_ID: 'watchtheflix',
    OIDC_CLIENT_SECRET: 'shared with the fake',
    LOG_LEVEL: 'warn',
  }
  const app = await startServer({ port: ports.app, dataDir, env })
  process.env[dataDirVariable(lane)] = dataDir
  return async () => {
    await app.end('SIGTERM')
    await provider.end('SIGTERM')
    if (app.output().includes('"level":50')) process.stdout.write(`\nThe server logged errors:\n${app.output()}\n`)
    removeDataDir(dataDir)
  }
}
